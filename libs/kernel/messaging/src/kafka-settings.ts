/** Where the broker is and who we are to it. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** Name in the broker's logs; by default the service's. */
  readonly clientId?: string;
  /** SCRAM-SHA-512. */
  readonly sasl?: { readonly username: string; readonly password: string };
  /** Certificate (PEM) of who signed the broker's; with it, or with `sasl`, the connection is TLS. */
  readonly tlsCa?: string;
}
