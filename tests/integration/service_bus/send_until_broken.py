"""A program: send numbered messages until the connection breaks, print each that was acknowledged.

A process of its own, because the SDK leaves a broken socket to the garbage collector, whose warning
would fail whichever test runs then.
"""

import itertools
import sys

from azure.servicebus import ServiceBusClient, ServiceBusMessage
from azure.servicebus.exceptions import ServiceBusError


def main(connection_string: str) -> None:
    client = ServiceBusClient.from_connection_string(connection_string, retry_total=0)
    sender = client.get_queue_sender("jobs")
    for number in itertools.count():
        try:
            sender.send_messages(ServiceBusMessage(str(number)))
        except ServiceBusError:
            return
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
