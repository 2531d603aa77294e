// Check a webhook's signature. Needs nothing but Node.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Return the payload of a genuine message; headers are in lower case, body is a Buffer. */
export function verify(secret, headers, body) {
  const id = headers["webhook-id"], sentAt = headers["webhook-timestamp"];
  if (Math.abs(Date.now() / 1000 - Number(sentAt)) > 300) throw new Error("too old");
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = Buffer.from(
    "v1," + createHmac("sha256", key).update(`${id}.${sentAt}.`).update(body).digest("base64"));
  // Several signatures stand there while a secret is being rotated.
  for (const each of headers["webhook-signature"].split(" ")) {
    const signature = Buffer.from(each);
    if (signature.length === expected.length && timingSafeEqual(signature, expected))
      return JSON.parse(body);
  }
  throw new Error("not signed with this secret");
}
