-- Runs once, when the database is new, as the superuser and in the database aura. Aura owns its database and may look at
-- the state of the server; nobody but the roles made here may connect.
CREATE ROLE aura LOGIN;
GRANT pg_monitor TO aura;
ALTER DATABASE aura OWNER TO aura;
REVOKE ALL ON DATABASE aura FROM PUBLIC;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
