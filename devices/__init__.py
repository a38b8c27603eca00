"""What measures at a point of delivery: device info records, registers, readings."""
