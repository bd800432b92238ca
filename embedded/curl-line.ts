/** A line for a POSIX shell that logs a demo person in and sends a message. Node reads the JSON, since jq may be missing. */
export function curlThatSends(options: { appUrl: string; from: string; to: string }): string {
  const { appUrl, from, to } = options;
  const pick = (field: string): string => `node -p 'JSON.parse(fs.readFileSync(0)).${field}'`;
  const json = `-H 'content-type: application/json'`;
  const bearer = `-H "authorization: Bearer $TOKEN"`;
  return [
    `TOKEN=$(curl -s ${appUrl}/demo/login ${json} -d '{"userId":"${from}"}' | ${pick('token')}) &&`,
    `  CHAT=$(curl -s -X PUT ${appUrl}/v1/conversations/direct/${to} ${bearer} | ${pick('id')}) &&`,
    `  curl -s ${appUrl}/v1/conversations/$CHAT/messages ${bearer} ${json} \\`,
    `    -d '{"clientId":"'"$(date +%s)-$$"'","content":"Hello from curl"}'`,
  ].join('\n');
}
