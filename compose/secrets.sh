#!/bin/sh
# Makes the passwords of docker-compose.yml. Each is made once and kept in a folder that no other container mounts; every
# service is given a copy of what it needs, in a folder of its own, readable by its user alone.
set -eu
umask 077
all=${SECRETS_FOLDER:-/secrets}

random() {
  od -An -tx1 -N 24 /dev/urandom | tr -d ' \n'
}

# The secret of this name.
secret() {
  if [ ! -s "$all/kept/$1" ]; then
    random >"$all/kept/.$1"
    mv "$all/kept/.$1" "$all/kept/$1"
  fi
  cat "$all/kept/$1"
}

# give FOLDER NAME USER TEXT
give() {
  printf %s "$4" >"$all/$1/.new"
  chmod 0400 "$all/$1/.new"
  # After this the file is no longer ours to change, only to replace.
  chown "$3" "$all/$1/.new"
  mv -f "$all/$1/.new" "$all/$1/$2"
}

# Users: 999 is postgres, 10464 aura, 65534 Alertmanager's, 472 grafana, each in its own image.
aura=$(secret aura_password)
reader=$(secret grafana_reader_password)
delivery=$(secret alertmanager_delivery_token)
give postgres superuser_password 999 "$(secret superuser_password)"
give postgres aura_password 999 "$aura"
give postgres grafana_reader_password 999 "$reader"
give aura database_url 10464 "postgres://aura:$aura@postgres:5432/aura"
give aura alertmanager_delivery_token 10464 "$delivery"
give alertmanager aura_token 65534 "$delivery"
give grafana admin_password 472 "$(secret grafana_admin_password)"
give grafana secret_key 472 "$(secret grafana_secret_key)"
give grafana grafana_reader_password 472 "$reader"
