"""The yardstick: ``make bench`` measures the library beside what one would use without it."""
