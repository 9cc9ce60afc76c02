"""The kit: machinery for event-driven services that knows no word of the meeting business."""
