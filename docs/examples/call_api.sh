# Get a token with the client's id and secret, then call the API with it.
token=$(curl -sSf -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials \
  "$PORTICO/oauth/token" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -sSf -H "Authorization: Bearer $token" \
  "$PORTICO/api/v1/organizations/$ORGANIZATION/charts?limit=10"
