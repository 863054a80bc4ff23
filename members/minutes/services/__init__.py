"""What is done with minutes and resolutions."""
