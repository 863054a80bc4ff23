"""Pure rules: which heart-to-heart talks a year still lacks, and when an answer is promised."""
