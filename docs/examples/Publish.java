// Ask for an invitation through Kafka. Needs Java 17 and kafka-clients.
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

class Publish {
  // Ids of organisations, charts and people hold nothing that JSON would escape.
  static final String EVENT = """
      {"specversion": "1.0", "id": "%s", "source": "my-emr",
       "type": "portico.InviteRequested.v1", "subject": "%s", "time": "%s",
       "data": {"invitee": {"organization": "%s", "chart": "%s", "person": "%s"},
                "role": "patient"}}""";

  public static void main(String[] args) throws InterruptedException {
    var id = UUID.randomUUID();
    var subject = String.join("/", args[0], args[1], args[2]);
    var event = EVENT.formatted(id, subject, Instant.now(), args[0], args[1], args[2]);
    Map<String, Object> settings = Map.of(
        "bootstrap.servers", System.getenv("KAFKA"), "acks", "all", "enable.idempotence", true);
    var strings = new StringSerializer();
    try (var producer = new KafkaProducer<>(settings, strings, strings)) {
      producer.send(new ProducerRecord<>("chart.invites.v1", subject, event)).get();
      System.out.println(id);
    } catch (ExecutionException error) {
      System.err.println("not published: " + error.getCause().getMessage());
      System.exit(1);
    }
  }
}
