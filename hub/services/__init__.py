"""Services: lines of business as data. ``service.toml`` → a frozen Service: its legs, lanes and answer."""
