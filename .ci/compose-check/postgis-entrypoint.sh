#!/usr/bin/env bash
# What the official image does with POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB, no more.
set -euo pipefail
: "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is empty}"
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=scram-sha-256
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  # Not reachable from outside until the database exists.
  pg_ctl start --wait --options="-c listen_addresses=''"
  [ "$database" = postgres ] || createdb --username="$user" --maintenance-db=postgres "$database"
  pg_ctl stop --wait --mode=fast
fi
exec "$@" -c listen_addresses='*'
