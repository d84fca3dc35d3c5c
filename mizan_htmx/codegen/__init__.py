"""From the registry to an OpenAPI document, and from that to TypeScript."""
