-- The role of Grafana's PostgreSQL data source: sees the state of the server, not what people wrote, and changes
-- nothing. Run it once as an administrator of the database, then give the role a password with \password:
--   psql -f grafana/reader.sql aura
--   psql -c '\password grafana_reader' aura
-- Whoever may query in Grafana sees what this role sees. To open a table: GRANT SELECT ON name TO grafana_reader;
CREATE ROLE grafana_reader LOGIN CONNECTION LIMIT 4;
GRANT pg_monitor TO grafana_reader;
ALTER ROLE grafana_reader SET default_transaction_read_only = on;
ALTER ROLE grafana_reader SET statement_timeout = '15s';
ALTER ROLE grafana_reader SET idle_in_transaction_session_timeout = '30s';
