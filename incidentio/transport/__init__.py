"""How operations are sent: in time, within limits, again where that is safe."""
