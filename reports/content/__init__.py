"""What a report says, put together once and then frozen."""
