"""The parts of the derivation rule; `positions.timeline` states and offers it."""
