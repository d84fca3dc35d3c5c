"""From a click until all is fresh, in Chromium: ours beside what one would write by hand."""
