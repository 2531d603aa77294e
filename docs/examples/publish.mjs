// Ask for an invitation through Kafka. Needs @platformatic/kafka, see package.json.
import { randomUUID } from "node:crypto";
import { ProduceAcks, Producer, stringSerializers } from "@platformatic/kafka";

const [organization, chart, person] = process.argv.slice(2);
const event = {
  specversion: "1.0",
  id: randomUUID(),
  source: "my-emr",
  type: "portico.InviteRequested.v1",
  subject: `${organization}/${chart}/${person}`,
  time: new Date().toISOString(),
  data: { invitee: { organization, chart, person }, role: "patient" },
};
const producer = new Producer({
  clientId: "my-emr",
  bootstrapBrokers: process.env.KAFKA.split(","),
  serializers: stringSerializers,
  idempotent: true,
  acks: ProduceAcks.ALL,
});
try {
  const value = JSON.stringify(event);
  await producer.send({ messages: [{ topic: "chart.invites.v1", key: event.subject, value }] });
  console.log(event.id);
} catch (error) {
  console.error(`not published: ${error.message}`);
  process.exitCode = 1;
} finally {
  await producer.close();
}
