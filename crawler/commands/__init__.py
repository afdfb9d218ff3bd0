"""Commands that this project adds to `scrapy` or completes, one module each. May import all of crawler."""
