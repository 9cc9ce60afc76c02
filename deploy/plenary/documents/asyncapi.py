"""The contracts as an AsyncAPI 3.0 document: one channel per fact, operations for whoever publishes it and for whoever listens.

The message is CloudEvents 1.0 in structured mode, carried over AMQP 0-9-1; queue arguments have no place in the amqp binding and stand beside it.
"""

from typing import Any

import msgspec

from plenary.composition import SERVICES
from plenary.documents.contracts import Contract, Contracts
from plenary_kit.messaging.envelope import CONTENT_TYPE
from plenary_kit.messaging.topology import exchange_of, queue_arguments, queue_of

BINDING = "0.3.0"
Part = dict[str, Any]


def asyncapi(contracts: Contracts) -> bytes:
    """Write the document as JSON."""
    document = {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": CONTENT_TYPE,
        "servers": {"rabbitmq": {"host": "localhost:5672", "protocol": "amqp", "protocolVersion": "0-9-1", "description": "RabbitMQ 3.10 or newer."}},
        "channels": {contract.name: _channel(contract) for contract in contracts.each},
        "operations": {name: operation for contract in contracts.each for name, operation in _operations(contract)},
        "components": {"messages": {contract.name: _message(contract) for contract in contracts.each}, "schemas": contracts.schemas},
        "x-queues": {queue_of(service): {"durable": True, "arguments": queue_arguments(service)} for service in SERVICES},
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _info() -> Part:
    return {
        "title": "Plenary",
        "version": "1",
        "description": "The facts that the services publish. A released fact is frozen: it may gain an optional field; more is a new version.",
        "license": {"name": "AGPL-3.0-or-later", "url": "https://www.gnu.org/licenses/agpl-3.0.html"},
        "tags": [{"name": service} for service in SERVICES],
    }


def _channel(contract: Contract) -> Part:
    exchange = {"name": exchange_of(contract.fact.SERVICE), "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
    return {
        "address": contract.name,
        "title": contract.name,
        "summary": contract.sentence,
        "messages": {contract.name: {"$ref": f"#/components/messages/{contract.name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": BINDING}},
    }


def _operations(contract: Contract) -> list[tuple[str, Part]]:
    sending = (f"{contract.fact.SERVICE} publishes {contract.name}", _operation(contract, "send", contract.fact.SERVICE))
    receiving = [(f"{listener} hears {contract.name}", _operation(contract, "receive", listener)) for listener in contract.listeners]
    return [sending, *receiving]


def _operation(contract: Contract, action: str, service: str) -> Part:
    sending = action == "send"
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{contract.name}"},
        "messages": [{"$ref": f"#/channels/{contract.name}/messages/{contract.name}"}],
        "tags": [{"name": service}],
        "bindings": {"amqp": {**({"deliveryMode": 2, "mandatory": True} if sending else {"ack": True}), "bindingVersion": BINDING}},
        **({} if sending else {"x-queue": queue_of(service)}),
    }


def _message(contract: Contract) -> Part:
    fact: Part = {"$ref": f"#/components/schemas/{contract.fact.__name__}"}
    envelope = {"$ref": "#/components/schemas/Envelope"}
    particular = {"type": "object", "properties": {"type": {"const": contract.name}, "subjecttype": {"const": contract.fact.SUBJECT}, "data": fact}}
    return {
        "name": contract.name,
        "title": contract.fact.__name__,
        "summary": contract.sentence,
        "contentType": CONTENT_TYPE,
        "payload": {"allOf": [envelope, particular]},
        "correlationId": {"location": "$message.payload#/correlationid"},
        "bindings": {"amqp": {"contentEncoding": "utf-8", "messageType": contract.name, "bindingVersion": BINDING}},
    }
