"""What is read of minutes and resolutions."""
