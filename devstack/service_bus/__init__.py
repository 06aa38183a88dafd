"""An AMQP 1.0 emulator of Azure Service Bus queues for the unmodified azure-servicebus SDK."""
