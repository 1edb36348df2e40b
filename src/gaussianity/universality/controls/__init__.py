"""The procedure of the verdict on images whose true excess is known."""
