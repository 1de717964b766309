"""What Wideberth's services share: app factory, errors over HTTP, health, metrics, frame transport, Http adapters."""
