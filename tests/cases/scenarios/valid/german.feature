# parcels: none
# language: de
Funktionalität: Pakete

  Grundlage:
    Angenommen a random word as "word"

  @R1
  Szenario: Ein Paket
    Wenn I send POST "/parcels" with JSON:
      """
      {"sender": "${word}", "weight_grams": 77}
      """
    Dann the response status is 201
