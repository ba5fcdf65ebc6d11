/** Faults that are forced, by what boards must show of them: a query that finds something while the fault is there. */
export const forced: Readonly<Record<string, string>> = {
  'somebody guesses passwords': 'increase(aura_sign_ins_total{outcome="failure"}[1m]) > 0',
  'requests are refused':
    'sum(increase(http_server_request_duration_seconds_count{http_response_status_code=~"401|403"}[1m])) > 0',
  'rights are missing': 'increase(aura_audit_decisions_total{decision="deny"}[1m]) > 0',
  'security alerts are open': 'aura_security_alerts_open{rule=~"failed-sign-ins|denied-burst"} > 0',
  'a request waits for a second person': 'aura_approvals_pending > 0',
  'requests were decided':
    'count(increase(aura_approvals_decided_total{outcome=~"approved|done|refused|withdrawn"}[2m]) > 0) >= 4',
  'checkpoints do not leave the machine': 'aura_audit_checkpoint_undelivered > 0',
  'the audit log was changed': 'aura_audit_chain_intact == 0',
  'an audit file of another program holds nonsense': 'aura_foreign_audit_lines_total{state="bad"} > 0',
  'a critical alert fires': 'ALERTS{alertstate="firing", severity="critical"}',
  'notifications fail': 'increase(alertmanager_notifications_failed_total[1m]) > 0',
  'sessions wait for a lock': 'pg_blocking_blocked_sessions > 0',
  'there were deadlocks': 'increase(pg_stat_database_deadlocks[1m]) > 0',
  'a table is full of dead rows': 'pg_stat_user_tables_n_dead_tup{relname="dead"} > 1000',
  'a server is a replica': 'pg_replication_is_replica == 1',
  'an Ollama is down': 'ollama_up == 0',
  'the driver of a card hangs': 'gpu_up == 0',
  'a model is spilled to main memory': 'max_over_time(ollama_model_spill_ratio[1m]) > 0',
  'packets are lost at a network card': 'rate(node_network_receive_errs_total[1m]) > 0',
  'a service fails, and another restarts':
    'node_systemd_unit_state{state="failed"} == 1 and on (instance) increase(node_systemd_service_restart_total[1m]) > 0',
}
