import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** The engine's own Spring Boot starter with its REST interface, and nothing else. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class Engine {
  public static void main(String[] args) {
    SpringApplication.run(Engine.class, args);
  }
}
