#!/bin/sh
# Ask for an invitation through Kafka. Needs kcat.
set -eu
id=$(cat /proc/sys/kernel/random/uuid)
key="$1/$2/$3" # organisation, chart and person
event='{"specversion": "1.0", "id": "%s", "source": "my-emr",
  "type": "portico.InviteRequested.v1", "subject": "%s", "time": "%s",
  "data": {"invitee": {"organization": "%s", "chart": "%s", "person": "%s"}, "role": "patient"}}'
# shellcheck disable=SC2059 # the format is the event
printf "$event" "$id" "$key" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" "$2" "$3" | tr -d '\n' |
  kcat -P -b "$KAFKA" -t chart.invites.v1 -k "$key" -X acks=all -X enable.idempotence=true
echo "$id"
