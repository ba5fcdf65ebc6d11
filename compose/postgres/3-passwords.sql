-- After grafana/reader.sql: passwords from the files that compose/secrets.sh wrote.
\set aura `cat /run/secrets/aura_password`
\set reader `cat /run/secrets/grafana_reader_password`
ALTER ROLE aura PASSWORD :'aura';
ALTER ROLE grafana_reader PASSWORD :'reader';
GRANT CONNECT ON DATABASE aura TO grafana_reader;
