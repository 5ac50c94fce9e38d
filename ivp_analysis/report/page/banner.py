"""The warning on everything that is made from the sample; by itself, so that who only quotes it imports nothing."""

BANNER = "Voorbeelddata: gesimuleerd, geen politiecijfers"
