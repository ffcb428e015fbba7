"""What the support agent sends, captured from the real SDK against a stand-in on loopback."""
