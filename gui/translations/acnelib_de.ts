<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>answer</name>
    <message>
        <source>Loading the model…</source>
        <translation>Das Modell wird geladen…</translation>
    </message>
    <message>
        <source>Reading the photo…</source>
        <translation>Das Foto wird gelesen…</translation>
    </message>
    <message>
        <source>Classifying…</source>
        <translation>Das Foto wird klassifiziert…</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Kein Modell</translation>
    </message>
    <message>
        <source>This photo cannot be shown</source>
        <translation>Dieses Foto kann nicht angezeigt werden</translation>
    </message>
    <message>
        <source>This photo cannot be classified</source>
        <translation>Dieses Foto kann nicht klassifiziert werden</translation>
    </message>
    <message>
        <source>Answer hidden</source>
        <translation>Antwort verborgen</translation>
    </message>
    <message>
        <source>The model’s answer appears here when you have reviewed this photo.</source>
        <translation>Die Antwort des Modells erscheint hier, sobald Sie dieses Foto geprüft haben.</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>&amp;Erneut versuchen</translation>
    </message>
    <message>
        <source>Highest score</source>
        <translation>Höchster Score</translation>
    </message>
    <message>
        <source>Highest score (not reliable here)</source>
        <translation>Höchster Score (hier nicht verlässlich)</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Scores</translation>
    </message>
    <message>
        <source>Scores (not reliable here)</source>
        <translation>Scores (hier nicht verlässlich)</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>ausgewählt</translation>
    </message>
    <message>
        <source>Answers are less reliable for photos like this, whatever the scores are</source>
        <translation>Bei solchen Fotos sind Antworten weniger verlässlich, wie hoch die Scores auch sind</translation>
    </message>
    <message>
        <source>Photos like this one are left out of training because too little can be seen in them. This answer is therefore not confident, whatever its score and the threshold are.</source>
        <translation>Solche Fotos werden beim Training ausgelassen, weil darauf zu wenig zu erkennen ist. Diese Antwort ist deshalb nicht sicher, unabhängig von Score und Schwelle.</translation>
    </message>
    <message>
        <source>This model was trained on drawn pictures only, so it calls no answer confident, whatever the scores and the threshold are.</source>
        <translation>Dieses Modell wurde nur mit gezeichneten Bildern trainiert. Es nennt deshalb keine Antwort sicher, unabhängig von Scores und Schwelle.</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Threshold for a confident answer</source>
        <translation>Schwelle für eine sichere Antwort</translation>
    </message>
    <message>
        <source>The lowest score that counts as confident</source>
        <translation>Der niedrigste Score, der als sicher gilt</translation>
    </message>
    <message>
        <source>expanded</source>
        <translation>aufgeklappt</translation>
    </message>
    <message>
        <source>collapsed</source>
        <translation>zugeklappt</translation>
    </message>
    <message>
        <source>Use the model’s threshold</source>
        <translation>Modellschwelle verwenden</translation>
    </message>
    <message>
        <source>Use this site’s threshold</source>
        <translation>Standortschwelle verwenden</translation>
    </message>
    <message>
        <source>This model’s bundle does not record its accuracy at other thresholds, so the effect of another threshold is unknown.</source>
        <translation>Das Paket dieses Modells enthält keine Angaben zur Genauigkeit bei anderen Schwellen. Deshalb ist unbekannt, wie sich eine andere Schwelle auswirkt.</translation>
    </message>
    <message>
        <source>Reading the model’s accuracy at other thresholds…</source>
        <translation>Die Genauigkeit des Modells bei anderen Schwellen wird gelesen…</translation>
    </message>
    <message>
        <source>No measured photo was in this model’s scope, so the effect of another threshold is unknown.</source>
        <translation>Kein gemessenes Foto lag im Bereich dieses Modells. Deshalb ist unbekannt, wie sich eine andere Schwelle auswirkt.</translation>
    </message>
    <message>
        <source>The model’s answer will appear here.</source>
        <translation>Hier erscheint die Antwort des Modells.</translation>
    </message>
    <message>
        <source>The model’s answer will appear here. It distinguishes these classes:

{classes}</source>
        <translation>Hier erscheint die Antwort des Modells. Es unterscheidet diese Klassen:

{classes}</translation>
    </message>
    <message>
        <source>This photo is unlike the photos that the model was trained on, so its scores are not reliable. Try a sharp photo that shows little but skin. The model also rejects {share} of suitable photos.</source>
        <translation>Dieses Foto ähnelt den Fotos nicht, mit denen das Modell trainiert wurde. Seine Scores sind deshalb nicht verlässlich. Versuchen Sie es mit einem scharfen Foto, das fast nur Haut zeigt. Das Modell weist auch {share} der geeigneten Fotos ab.</translation>
    </message>
    <message>
        <source>No answer is confident: no threshold reached {share} of right answers on the labelled photos of this site. Look at all scores.</source>
        <translation>Keine Antwort ist sicher: Auf den geprüften Fotos dieses Standorts erreichte keine Schwelle {share} richtige Antworten. Beachten Sie alle Scores.</translation>
    </message>
    <message>
        <source>No answer is confident: no threshold reached {share} of right answers when this model was trained. Look at all scores.</source>
        <translation>Keine Antwort ist sicher: Beim Training dieses Modells erreichte keine Schwelle {share} richtige Antworten. Beachten Sie alle Scores.</translation>
    </message>
    <message>
        <source>The highest score reaches this site’s threshold of {threshold}. At or above it, about {share} of answers are expected to be right on photos like those of this site.</source>
        <translation>Der höchste Score erreicht die Schwelle dieses Standorts von {threshold}. Ab dieser Schwelle sind auf Fotos wie denen dieses Standorts etwa {share} richtige Antworten zu erwarten.</translation>
    </message>
    <message>
        <source>The highest score reaches this model’s threshold of {threshold}. At or above it, about {share} of answers are expected to be right on photos like those of the model’s own sources.</source>
        <translation>Der höchste Score erreicht die Schwelle dieses Modells von {threshold}. Ab dieser Schwelle sind auf Fotos wie denen aus den Quellen des Modells etwa {share} richtige Antworten zu erwarten.</translation>
    </message>
    <message>
        <source>The highest score is below this site’s threshold of {threshold}. Only at or above it, about {share} of answers are expected to be right on photos like those of this site. Look at the other scores too.</source>
        <translation>Der höchste Score liegt unter der Schwelle dieses Standorts von {threshold}. Erst ab dieser Schwelle sind auf Fotos wie denen dieses Standorts etwa {share} richtige Antworten zu erwarten. Beachten Sie auch die anderen Scores.</translation>
    </message>
    <message>
        <source>The highest score is below this model’s threshold of {threshold}. Only at or above it, about {share} of answers are expected to be right on photos like those of the model’s own sources. Look at the other scores too.</source>
        <translation>Der höchste Score liegt unter der Schwelle dieses Modells von {threshold}. Erst ab dieser Schwelle sind auf Fotos wie denen aus den Quellen des Modells etwa {share} richtige Antworten zu erwarten. Beachten Sie auch die anderen Scores.</translation>
    </message>
    <message>
        <source>The highest score reaches your threshold of {threshold}.</source>
        <translation>Der höchste Score erreicht Ihre Schwelle von {threshold}.</translation>
    </message>
    <message>
        <source>The highest score is below your threshold of {threshold}.</source>
        <translation>Der höchste Score liegt unter Ihrer Schwelle von {threshold}.</translation>
    </message>
    <message>
        <source>This site’s threshold is {threshold}.</source>
        <translation>Die Schwelle dieses Standorts ist {threshold}.</translation>
    </message>
    <message>
        <source>The model’s threshold is {threshold}.</source>
        <translation>Die Schwelle des Modells ist {threshold}.</translation>
    </message>
    <message>
        <source>Show where the model looked for {name}</source>
        <translation>Zeigen, worauf das Modell bei „{name}“ achtet</translation>
    </message>
    <message>
        <source>What is this? {meaning}</source>
        <translation>Was ist das? {meaning}</translation>
    </message>
    <message>
        <source>Read more at {site}</source>
        <translation>Mehr dazu auf {site}</translation>
    </message>
    <message>
        <source>Your threshold: {threshold}</source>
        <translation>Ihre Schwelle: {threshold}</translation>
    </message>
    <message>
        <source>On 1 photo that the model never saw: no answer would be called confident.</source>
        <translation>Auf 1 Foto, das das Modell nie gesehen hat: Keine Antwort würde sicher genannt.</translation>
    </message>
    <message>
        <source>On {number} photos that the model never saw: no answer would be called confident.</source>
        <translation>Auf {number} Fotos, die das Modell nie gesehen hat: Keine Antwort würde sicher genannt.</translation>
    </message>
    <message>
        <source>On 1 photo that the model never saw:</source>
        <translation>Auf 1 Foto, das das Modell nie gesehen hat:</translation>
    </message>
    <message>
        <source>On {number} photos that the model never saw:</source>
        <translation>Auf {number} Fotos, die das Modell nie gesehen hat:</translation>
    </message>
    <message>
        <source>{share} of answers would be called confident, and {right} of those were right (95&#xa0;% interval {interval}).</source>
        <translation>{share} der Antworten würden sicher genannt, und {right} davon waren richtig (95-%-Intervall {interval}).</translation>
    </message>
    <message>
        <source>With only 1 independent photo, these figures say little.</source>
        <translation>Mit nur 1 unabhängigen Foto sagen diese Zahlen wenig.</translation>
    </message>
    <message>
        <source>With only {number} independent photos, these figures say little.</source>
        <translation>Mit nur {number} unabhängigen Fotos sagen diese Zahlen wenig.</translation>
    </message>
</context>
<context>
    <name>class_meanings</name>
    <message>
        <source>Small red bumps and fine scaling around the mouth, and sometimes around the nose or eyes. Steroid creams on the face often come before it.</source>
        <translation>Kleine rote Knötchen und feine Schuppung um den Mund, manchmal auch um Nase oder Augen. Häufig wurden vorher kortisonhaltige Cremes im Gesicht verwendet.</translation>
    </message>
    <message>
        <source>Acne that is picked or scratched until it leaves sores and crusts, often more of them than spots.</source>
        <translation>Akne, an der so lange gedrückt oder gekratzt wird, bis wunde Stellen und Krusten entstehen, oft mehr davon als Pickel.</translation>
    </message>
    <message>
        <source>Lasting dents or raised marks where acne has healed. Unlike the red or brown spots that fade with time, they are a change in the skin itself.</source>
        <translation>Bleibende Dellen oder Erhebungen dort, wo Akne abgeheilt ist. Anders als rote oder braune Flecken, die mit der Zeit verblassen, sind sie eine Veränderung der Haut selbst.</translation>
    </message>
    <message>
        <source>Common acne: blocked pores, red bumps and sometimes pus-filled spots or deep lumps, mostly on the face, chest and back.</source>
        <translation>Gewöhnliche Akne: verstopfte Poren, rote Knötchen und manchmal Eiterpickel oder tiefe Knoten, meist im Gesicht, auf der Brust und am Rücken.</translation>
    </message>
    <message>
        <source>Pores blocked by oil and dead skin and open at the top, where the plug has turned dark. Not dirt.</source>
        <translation>Poren, die mit Talg und abgestorbener Haut verstopft und nach oben offen sind; der Pfropf hat sich dort dunkel verfärbt. Kein Schmutz.</translation>
    </message>
    <message>
        <source>Blocked pores: blackheads, which are open and dark at the top, and whiteheads, which are closed and the colour of the skin. They are not inflamed.</source>
        <translation>Verstopfte Poren: offene, oben dunkle Mitesser und geschlossene, hautfarbene Mitesser. Sie sind nicht entzündet.</translation>
    </message>
    <message>
        <source>Large, deep and often painful swellings of inflamed acne. They heal slowly and often leave scars.</source>
        <translation>Große, tiefe und oft schmerzhafte Schwellungen bei entzündeter Akne. Sie heilen langsam und hinterlassen oft Narben.</translation>
    </message>
    <message>
        <source>A long-lasting inflammation with painful, recurring lumps where skin rubs on skin, such as the armpits and groin. It is also called acne inversa, but is a disease of its own.</source>
        <translation>Eine lang andauernde Entzündung mit schmerzhaften, wiederkehrenden Knoten an Stellen, an denen Haut auf Haut reibt, etwa in den Achseln und in der Leiste. Sie heißt auch Acne inversa, ist aber eine eigene Krankheit.</translation>
    </message>
    <message>
        <source>Tiny, firm white bumps of trapped keratin, often around the eyes. They are harmless and not acne.</source>
        <translation>Winzige, feste weiße Knötchen aus eingeschlossenem Keratin, oft um die Augen. Sie sind harmlos und keine Akne.</translation>
    </message>
    <message>
        <source>Firm, deep and often painful lumps of inflamed acne, larger than papules. They may leave scars.</source>
        <translation>Feste, tiefe und oft schmerzhafte Knoten bei entzündeter Akne, größer als Papeln. Sie können Narben hinterlassen.</translation>
    </message>
    <message>
        <source>Small, raised, inflamed bumps without visible pus, about as large as a pinhead to a small pea.</source>
        <translation>Kleine, erhabene, entzündete Knötchen ohne sichtbaren Eiter, etwa so groß wie ein Stecknadelkopf bis zu einer kleinen Erbse.</translation>
    </message>
    <message>
        <source>Razor bumps: shaved hairs that curl back into the skin and inflame it, mostly on the beard area and most often where hair is tightly curled.</source>
        <translation>Rasurknötchen: rasierte Haare, die in die Haut zurückwachsen und sie entzünden, meist im Bartbereich und am häufigsten bei stark gekräuseltem Haar.</translation>
    </message>
    <message>
        <source>Small, inflamed bumps with a white or yellow centre of pus.</source>
        <translation>Kleine, entzündete Erhebungen mit einer weißen oder gelben Mitte aus Eiter.</translation>
    </message>
    <message>
        <source>Thickened, bumpy skin of the nose with wide pores, which long-standing rosacea may lead to.</source>
        <translation>Verdickte, knollige Haut der Nase mit weiten Poren, zu der eine langjährige Rosazea führen kann.</translation>
    </message>
    <message>
        <source>Lasting redness in the middle of the face, often with fine visible vessels, flushing, and bumps like those of acne but without blocked pores.</source>
        <translation>Anhaltende Rötung in der Mitte des Gesichts, oft mit feinen sichtbaren Äderchen, anfallsweisem Erröten und Knötchen wie bei Akne, aber ohne verstopfte Poren.</translation>
    </message>
    <message>
        <source>Enlarged oil glands: small, soft, yellowish bumps, often with a dent in the middle, mostly on the face of adults. They are harmless.</source>
        <translation>Vergrößerte Talgdrüsen: kleine, weiche, gelbliche Knötchen, oft mit einer Delle in der Mitte, meist im Gesicht von Erwachsenen. Sie sind harmlos.</translation>
    </message>
    <message>
        <source>Many small bumps and pustules that look alike and appear during treatment with steroids, mostly on the chest and back.</source>
        <translation>Viele kleine, gleich aussehende Knötchen und Pusteln, die während einer Behandlung mit Steroiden auftreten, meist auf Brust und Rücken.</translation>
    </message>
    <message>
        <source>Pores blocked by oil and dead skin and closed at the top: small bumps the colour of the skin.</source>
        <translation>Poren, die mit Talg und abgestorbener Haut verstopft und nach oben geschlossen sind: kleine, hautfarbene Knötchen.</translation>
    </message>
</context>
<context>
    <name>classes</name>
    <message>
        <source>Acne excoriee</source>
        <translation>Acne excoriée</translation>
    </message>
    <message>
        <source>Acne scarring</source>
        <translation>Aknenarben</translation>
    </message>
    <message>
        <source>Acne vulgaris</source>
        <translation>Akne vulgaris</translation>
    </message>
    <message>
        <source>Blackheads</source>
        <translation>Offene Mitesser</translation>
    </message>
    <message>
        <source>Comedones</source>
        <translation>Komedonen</translation>
    </message>
    <message>
        <source>Cysts</source>
        <translation>Zysten</translation>
    </message>
    <message>
        <source>Hidradenitis suppurativa</source>
        <translation>Hidradenitis suppurativa</translation>
    </message>
    <message>
        <source>Milia</source>
        <translation>Milien</translation>
    </message>
    <message>
        <source>Nodules</source>
        <translation>Knoten</translation>
    </message>
    <message>
        <source>Papules</source>
        <translation>Papeln</translation>
    </message>
    <message>
        <source>Perioral dermatitis</source>
        <translation>Periorale Dermatitis</translation>
    </message>
    <message>
        <source>Periorificial dermatitis</source>
        <translation>Periorifizielle Dermatitis</translation>
    </message>
    <message>
        <source>Pseudofolliculitis barbae</source>
        <translation>Pseudofolliculitis barbae</translation>
    </message>
    <message>
        <source>Pustules</source>
        <translation>Pusteln</translation>
    </message>
    <message>
        <source>Rhinophyma</source>
        <translation>Rhinophym</translation>
    </message>
    <message>
        <source>Rosacea</source>
        <translation>Rosazea</translation>
    </message>
    <message>
        <source>Sebaceous hyperplasia</source>
        <translation>Talgdrüsenhyperplasie</translation>
    </message>
    <message>
        <source>Steroid acne</source>
        <translation>Steroidakne</translation>
    </message>
    <message>
        <source>Whiteheads</source>
        <translation>Geschlossene Mitesser</translation>
    </message>
</context>
<context>
    <name>comparison</name>
    <message>
        <source>Two photos side by side</source>
        <translation>Zwei Fotos nebeneinander</translation>
    </message>
    <message>
        <source>The answer is hidden until you have reviewed this photo.</source>
        <translation>Die Antwort ist verborgen, bis Sie dieses Foto geprüft haben.</translation>
    </message>
    <message>
        <source>This photo has no answer yet.</source>
        <translation>Zu diesem Foto gibt es noch keine Antwort.</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>Open photos</source>
        <translation>Fotos öffnen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Choose a folder for your reviews</source>
        <translation>Einen Ordner für Ihre Prüfungen wählen</translation>
    </message>
    <message>
        <source>Photos (*.jpg *.jpeg *.png *.heic *.heif *.avif *.webp *.tif *.tiff *.bmp *.gif);;All files (*)</source>
        <translation>Fotos (*.jpg *.jpeg *.png *.heic *.heif *.avif *.webp *.tif *.tiff *.bmp *.gif);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Export table</source>
        <translation>Tabelle exportieren</translation>
    </message>
    <message>
        <source>CSV for spreadsheets (*.csv)</source>
        <translation>CSV für Tabellenprogramme (*.csv)</translation>
    </message>
    <message>
        <source>Save picture as shown</source>
        <translation>Bild wie angezeigt speichern</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Print report</source>
        <translation>Bericht drucken</translation>
    </message>
    <message>
        <source>acne-report</source>
        <translation>acne-bericht</translation>
    </message>
    <message>
        <source>Picture (*.png *.jpg *.jpeg)</source>
        <translation>Bild (*.png *.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation>&amp;Ersetzen</translation>
    </message>
    <message>
        <source>Searching for photos…</source>
        <translation>Fotos werden gesucht…</translation>
    </message>
    <message>
        <source>A web address cannot be opened here. Save the photo as a file first, then open the file.</source>
        <translation>Eine Webadresse kann hier nicht geöffnet werden. Speichern Sie das Foto zuerst als Datei, und öffnen Sie dann die Datei.</translation>
    </message>
    <message>
        <source>This file is on another computer or on a phone. Copy it to this computer first, or open the folder that it is mounted in.</source>
        <translation>Diese Datei liegt auf einem anderen Computer oder einem Telefon. Kopieren Sie sie zuerst auf diesen Computer, oder öffnen Sie den Ordner, in dem sie eingehängt ist.</translation>
    </message>
    <message>
        <source>Nothing here can be opened. Drop or paste photos, folders or their paths.</source>
        <translation>Hier gibt es nichts, was sich öffnen lässt. Ziehen Sie Fotos, Ordner oder deren Pfade herein, oder fügen Sie sie ein.</translation>
    </message>
    <message>
        <source>There is no answer to copy yet.</source>
        <translation>Es gibt noch keine Antwort zum Kopieren.</translation>
    </message>
    <message>
        <source>Select two photos to compare them.</source>
        <translation>Wählen Sie zwei Fotos aus, um sie zu vergleichen.</translation>
    </message>
    <message>
        <source>None of the listed photos has an answer to report yet.</source>
        <translation>Keines der aufgelisteten Fotos hat schon eine Antwort für einen Bericht.</translation>
    </message>
    <message>
        <source>Pasted picture {}.png</source>
        <translation>Eingefügtes Bild {}.png</translation>
    </message>
    <message>
        <source>Sample without skin.jpg</source>
        <translation>Beispiel ohne Haut.jpg</translation>
    </message>
    <message>
        <source>There is 1 more problem.</source>
        <translation>Es gibt 1 weiteres Problem.</translation>
    </message>
    <message>
        <source>There are {number} more problems.</source>
        <translation>Es gibt {number} weitere Probleme.</translation>
    </message>
    <message>
        <source>{name} already exists. Replace it?</source>
        <translation>{name} gibt es schon. Ersetzen?</translation>
    </message>
    <message>
        <source>{name} is one of the listed photos, and photos are never overwritten: choose another name</source>
        <translation>{name} ist eines der aufgelisteten Fotos, und Fotos werden nie überschrieben: Wählen Sie einen anderen Namen</translation>
    </message>
    <message>
        <source>Exported 1 row to {name}.</source>
        <translation>1 Zeile nach {name} exportiert.</translation>
    </message>
    <message>
        <source>Exported {number} rows to {name}.</source>
        <translation>{number} Zeilen nach {name} exportiert.</translation>
    </message>
    <message>
        <source>The file has no answers for 1 photo that you have not reviewed yet.</source>
        <translation>Die Datei enthält keine Antwort zu 1 Foto, das Sie noch nicht geprüft haben.</translation>
    </message>
    <message>
        <source>The file has no answers for {number} photos that you have not reviewed yet.</source>
        <translation>Die Datei enthält keine Antworten zu {number} Fotos, die Sie noch nicht geprüft haben.</translation>
    </message>
    <message>
        <source>Saved the picture to {name}, without the photo’s metadata.</source>
        <translation>Bild in {name} gespeichert, ohne die Metadaten des Fotos.</translation>
    </message>
    <message>
        <source>Saved the report to {name}, without the metadata of photos.</source>
        <translation>Bericht in {name} gespeichert, ohne die Metadaten der Fotos.</translation>
    </message>
    <message>
        <source>1 line is not a path and was skipped.</source>
        <translation>1 Zeile ist kein Pfad und wurde übergangen.</translation>
    </message>
    <message>
        <source>{number} lines are not paths and were skipped.</source>
        <translation>{number} Zeilen sind keine Pfade und wurden übergangen.</translation>
    </message>
    <message>
        <source>A path starts at the root: /home/me/photo.jpg or file:///home/me/photo.jpg.</source>
        <translation>Ein Pfad beginnt an der Wurzel: /home/ich/foto.jpg oder file:///home/ich/foto.jpg.</translation>
    </message>
    <message>
        <source>The picture cannot be stored for classification. Free some disk space, or save it as a file first.</source>
        <translation>Das Bild kann nicht zum Klassifizieren gespeichert werden. Schaffen Sie Platz auf der Festplatte, oder speichern Sie es zuerst als Datei.</translation>
    </message>
    <message>
        <source>The picture cannot be stored for classification ({reason}). Free some disk space, or save it as a file first.</source>
        <translation>Das Bild kann nicht zum Klassifizieren gespeichert werden ({reason}). Schaffen Sie Platz auf der Festplatte, oder speichern Sie es zuerst als Datei.</translation>
    </message>
    <message>
        <source>Sent the report to the printer {printer}.</source>
        <translation>Bericht an den Drucker {printer} gesendet.</translation>
    </message>
    <message>
        <source>{photo}-report</source>
        <translation>{photo}-bericht</translation>
    </message>
    <message>
        <source>Copied the answer.</source>
        <translation>Antwort kopiert.</translation>
    </message>
    <message>
        <source>Copied {number} answers.</source>
        <translation>{number} Antworten kopiert.</translation>
    </message>
    <message>
        <source>Copied the path.</source>
        <translation>Pfad kopiert.</translation>
    </message>
    <message>
        <source>Copied {number} paths.</source>
        <translation>{number} Pfade kopiert.</translation>
    </message>
    <message>
        <source>This system opens no folders for the app. The photo is in {folder}.</source>
        <translation>Dieses System öffnet für die App keine Ordner. Das Foto liegt in {folder}.</translation>
    </message>
    <message>
        <source>Sample {name}.jpg</source>
        <translation>Beispiel {name}.jpg</translation>
    </message>
</context>
<context>
    <name>help</name>
    <message>
        <source>{app} help</source>
        <translation>{app}-Hilfe</translation>
    </message>
    <message>
        <source>Topics</source>
        <translation>Themen</translation>
    </message>
    <message>
        <source>Search the help</source>
        <translation>Hilfe durchsuchen</translation>
    </message>
    <message>
        <source>Nothing found. Try a single word, such as *threshold* or *folder*.</source>
        <translation>Nichts gefunden. Versuchen Sie es mit einem einzelnen Wort, etwa *Schwelle* oder *Ordner*.</translation>
    </message>
</context>
<context>
    <name>model</name>
    <message>
        <source>Notice about the model</source>
        <translation>Hinweis zum Modell</translation>
    </message>
    <message>
        <source>Use production model</source>
        <translation>Produktionsmodell verwenden</translation>
    </message>
    <message>
        <source>This model was trained on drawn pictures only, so it calls no answer confident. Train one on photos: acne pipeline --source FOLDER</source>
        <translation>Dieses Modell wurde nur mit gezeichneten Bildern trainiert und nennt deshalb keine Antwort sicher. Trainieren Sie eines mit Fotos: acne pipeline --source FOLDER</translation>
    </message>
    <message>
        <source>Choose model</source>
        <translation>Modell wählen</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Macro-F1</source>
        <translation>Macro-F1</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Erstellt</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Verwendung</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Drawn pictures only</source>
        <translation>Nur gezeichnete Bilder</translation>
    </message>
    <message>
        <source>&amp;Use this model</source>
        <translation>Dieses Modell &amp;verwenden</translation>
    </message>
    <message>
        <source>Choose bundle &amp;folder…</source>
        <translation>&amp;Ordner eines Modellpakets wählen…</translation>
    </message>
    <message>
        <source>Choose bundle folder</source>
        <translation>Ordner eines Modellpakets wählen</translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation>&amp;Aktualisieren</translation>
    </message>
    <message>
        <source>Asking the server for its versions…</source>
        <translation>Die Versionen werden vom Server abgefragt…</translation>
    </message>
    <message>
        <source>The server has no version of this model yet.</source>
        <translation>Der Server hat noch keine Version dieses Modells.</translation>
    </message>
    <message>
        <source>Your choice applies to this app only. The registry is not changed.</source>
        <translation>Ihre Wahl gilt nur für diese App. Die Registry wird nicht verändert.</translation>
    </message>
    <message>
        <source>Model server</source>
        <translation>Modellserver</translation>
    </message>
    <message>
        <source>Set up a model</source>
        <translation>Modell einrichten</translation>
    </message>
    <message>
        <source>This app has no model yet. Connect to a tracking server (MLflow), or choose the folder of a model bundle on this computer.</source>
        <translation>Diese App hat noch kein Modell. Verbinden Sie sich mit einem Tracking-Server (MLflow), oder wählen Sie den Ordner eines Modellpakets auf diesem Computer.</translation>
    </message>
    <message>
        <source>Tracking server</source>
        <translation>Tracking-Server</translation>
    </message>
    <message>
        <source>A&amp;ddress</source>
        <translation>&amp;Adresse</translation>
    </message>
    <message>
        <source>Lo&amp;gin</source>
        <translation>Anmel&amp;dung</translation>
    </message>
    <message>
        <source>Stored login</source>
        <translation>Gespeicherte Anmeldung</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>User name and password</source>
        <translation>Benutzername und Passwort</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>User &amp;name</source>
        <translation>&amp;Benutzername</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
    <message>
        <source>T&amp;oken</source>
        <translation>T&amp;oken</translation>
    </message>
    <message>
        <source>&amp;Test connection</source>
        <translation>&amp;Verbindung testen</translation>
    </message>
    <message>
        <source>&amp;Use this server</source>
        <translation>Diesen &amp;Server verwenden</translation>
    </message>
    <message>
        <source>Contacting the server…</source>
        <translation>Der Server wird kontaktiert…</translation>
    </message>
    <message>
        <source>The server is saved.</source>
        <translation>Der Server ist gespeichert.</translation>
    </message>
    <message>
        <source>The token or password is stored in a file that only you can read. It is sent to this address only, and is not shown again.</source>
        <translation>Das Token oder Passwort wird in einer Datei gespeichert, die nur Sie lesen können. Es wird nur an diese Adresse gesendet und nicht wieder angezeigt.</translation>
    </message>
    <message>
        <source>Model bundle</source>
        <translation>Modellpaket</translation>
    </message>
    <message>
        <source>A bundle is a folder that contains bundle.json and SHA256SUMS.</source>
        <translation>Ein Modellpaket ist ein Ordner, der bundle.json und SHA256SUMS enthält.</translation>
    </message>
    <message>
        <source>Choose &amp;bundle folder…</source>
        <translation>Ordner eines &amp;Modellpakets wählen…</translation>
    </message>
    <message>
        <source>This address starts with http:// and is on another computer, so others on the network could read your login. Ask the server’s administrator for an https:// address.</source>
        <translation>Diese Adresse beginnt mit http:// und liegt auf einem anderen Computer. Andere im Netzwerk könnten Ihre Anmeldedaten mitlesen. Bitten Sie die Administration des Servers um eine https://-Adresse.</translation>
    </message>
    <message>
        <source>About this model</source>
        <translation>Über dieses Modell</translation>
    </message>
    <message>
        <source>This model has no model card.</source>
        <translation>Zu diesem Modell gibt es keine Modellkarte.</translation>
    </message>
    <message>
        <source>the production model</source>
        <translation>das Produktionsmodell</translation>
    </message>
    <message>
        <source>the staging model</source>
        <translation>das Staging-Modell</translation>
    </message>
    <message>
        <source>version {version} (production)</source>
        <translation>Version {version} (Produktion)</translation>
    </message>
    <message>
        <source>version {version} (staging)</source>
        <translation>Version {version} (Staging)</translation>
    </message>
    <message>
        <source>Version {version} is now in production. You are using version {used}.</source>
        <translation>Version {version} ist jetzt in Produktion. Sie verwenden Version {used}.</translation>
    </message>
    <message>
        <source>Version {version} is now in staging. You are using version {used}.</source>
        <translation>Version {version} ist jetzt im Staging. Sie verwenden Version {used}.</translation>
    </message>
    <message>
        <source>Version {version} has been in production since {since}. You are using version {used}.</source>
        <translation>Version {version} ist seit {since} in Produktion. Sie verwenden Version {used}.</translation>
    </message>
    <message>
        <source>Version {version} has been in staging since {since}. You are using version {used}.</source>
        <translation>Version {version} ist seit {since} im Staging. Sie verwenden Version {used}.</translation>
    </message>
    <message>
        <source>There is no new version: version {version} is still in production.</source>
        <translation>Es gibt keine neue Version: Version {version} ist weiterhin in Produktion.</translation>
    </message>
    <message>
        <source>There is no new version: version {version} is still in staging.</source>
        <translation>Es gibt keine neue Version: Version {version} ist weiterhin im Staging.</translation>
    </message>
    <message>
        <source>Production</source>
        <translation>Produktion</translation>
    </message>
    <message>
        <source>Production (version {version})</source>
        <translation>Produktion (Version {version})</translation>
    </message>
    <message>
        <source>Staging</source>
        <translation>Staging</translation>
    </message>
    <message>
        <source>Staging (version {version})</source>
        <translation>Staging (Version {version})</translation>
    </message>
    <message>
        <source>version {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <source>the model from a folder</source>
        <translation>das Modell aus einem Ordner</translation>
    </message>
    <message>
        <source>You are using a model from a folder ({name}), not the production model.</source>
        <translation>Sie verwenden ein Modell aus einem Ordner ({name}), nicht das Produktionsmodell.</translation>
    </message>
    <message>
        <source>You are using version {version}, not the production model.</source>
        <translation>Sie verwenden Version {version}, nicht das Produktionsmodell.</translation>
    </message>
    <message>
        <source>You are using version {version} ({stage}), not the production model.</source>
        <translation>Sie verwenden Version {version} ({stage}), nicht das Produktionsmodell.</translation>
    </message>
    <message>
        <source>Version {version} on the server is a different model now. You are still using the previous one.</source>
        <translation>Version {version} auf dem Server ist jetzt ein anderes Modell. Sie verwenden weiterhin das bisherige.</translation>
    </message>
    <message>
        <source>Switch to version {version}</source>
        <translation>Zu Version {version} wechseln</translation>
    </message>
    <message>
        <source>Keep version {version}</source>
        <translation>Version {version} behalten</translation>
    </message>
    <message>
        <source>{model} will be used after this batch.</source>
        <translation>Nach diesem Durchgang wird {model} verwendet.</translation>
    </message>
    <message>
        <source>Loading {model}…</source>
        <translation>{model} wird geladen…</translation>
    </message>
    <message>
        <source>The new version cannot be used. {reason}.</source>
        <translation>Die neue Version kann nicht verwendet werden. {reason}.</translation>
    </message>
    <message>
        <source>The server cannot be reached. {reason}.</source>
        <translation>Der Server ist nicht erreichbar. {reason}.</translation>
    </message>
    <message>
        <source>There is no new version: version {version} is still the one on the server.</source>
        <translation>Es gibt keine neue Version: Der Server hat weiterhin Version {version}.</translation>
    </message>
    <message>
        <source>{model} cannot be used, so the current model stays. {reason}.</source>
        <translation>{model} kann nicht verwendet werden; das bisherige Modell bleibt. {reason}.</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <source>The server cannot be reached, so only models on this computer are listed. {reason}.</source>
        <translation>Der Server ist nicht erreichbar. Deshalb sind nur Modelle auf diesem Computer aufgeführt. {reason}.</translation>
    </message>
    <message>
        <source>The versions cannot be listed. {reason}.</source>
        <translation>Die Versionen können nicht aufgeführt werden. {reason}.</translation>
    </message>
    <message>
        <source>Found {name} version {version} in production.</source>
        <translation>{name}, Version {version}, in Produktion gefunden.</translation>
    </message>
    <message>
        <source>The server answers, but it has no model to use yet. {reason}.</source>
        <translation>Der Server antwortet, hat aber noch kein Modell zum Verwenden. {reason}.</translation>
    </message>
    <message>
        <source>The environment variable {variable} is set to {address} and overrides the address stored here. Start the app without {variable} to use the stored address.</source>
        <translation>Die Umgebungsvariable {variable} ist auf {address} gesetzt und hat Vorrang vor der hier gespeicherten Adresse. Starten Sie die App ohne {variable}, um die gespeicherte Adresse zu verwenden.</translation>
    </message>
    <message>
        <source>The environment variable {variable} is set and overrides the login stored here.</source>
        <translation>Die Umgebungsvariable {variable} ist gesetzt und hat Vorrang vor der hier gespeicherten Anmeldung.</translation>
    </message>
    <message>
        <source>{photos}, from {source}</source>
        <translation>{photos}, von {source}</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>{time} UTC by acnelib {version}</source>
        <translation>{time} UTC mit acnelib {version}</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>{name}, weights {weights}</source>
        <translation>{name}, Gewichte {weights}</translation>
    </message>
    <message>
        <source>Drawn pictures</source>
        <translation>Gezeichnete Bilder</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>None stated</source>
        <translation>Keine angegeben</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Confident</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>Bundle</source>
        <translation>Modellpaket</translation>
    </message>
    <message>
        <source>the licence of {number} photos forbids commercial use</source>
        <translation>die Lizenz von {number} Fotos verbietet kommerzielle Nutzung</translation>
    </message>
    <message>
        <source>the licence of {number} photos forbids derived works</source>
        <translation>die Lizenz von {number} Fotos verbietet abgeleitete Werke</translation>
    </message>
    <message>
        <source>the licence of {number} photos is unknown</source>
        <translation>die Lizenz von {number} Fotos ist unbekannt</translation>
    </message>
    <message>
        <source>Before you publish or sell this model: {warnings}.</source>
        <translation>Bevor Sie dieses Modell veröffentlichen oder verkaufen: {warnings}.</translation>
    </message>
    <message>
        <source>{number} train</source>
        <translation>{number} für das Training</translation>
    </message>
    <message>
        <source>{number} test</source>
        <translation>{number} für den Test</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>No evaluation in this bundle</source>
        <translation>Keine Auswertung in diesem Modellpaket</translation>
    </message>
    <message>
        <source>95&#xa0;% interval {low}–{high}</source>
        <translation>95-%-Intervall {low}–{high}</translation>
    </message>
    <message>
        <source>no interval: all photos alike</source>
        <translation>kein Intervall: alle Fotos gleich</translation>
    </message>
    <message>
        <source>macro-F1 {macro_f1} ({interval}), accuracy {accuracy}, on {number} test photos</source>
        <translation>Macro-F1 {macro_f1} ({interval}), Genauigkeit {accuracy}, auf {number} Testfotos</translation>
    </message>
    <message>
        <source>macro-F1 {macro_f1} ({interval}), accuracy {accuracy}, on {number} photos that it never saw</source>
        <translation>Macro-F1 {macro_f1} ({interval}), Genauigkeit {accuracy}, auf {number} Fotos, die es nie gesehen hat</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>No answer (this site’s threshold)</source>
        <translation>Keine Antwort (Schwelle dieses Standorts)</translation>
    </message>
    <message>
        <source>From {score} (this site’s threshold)</source>
        <translation>Ab {score} (Schwelle dieses Standorts)</translation>
    </message>
    <message>
        <source>No answer (the model’s threshold)</source>
        <translation>Keine Antwort (Schwelle des Modells)</translation>
    </message>
    <message>
        <source>From {score} (the model’s threshold)</source>
        <translation>Ab {score} (Schwelle des Modells)</translation>
    </message>
</context>
<context>
    <name>photos</name>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>All classes</source>
        <translation>Alle Klassen</translation>
    </message>
    <message>
        <source>All verdicts</source>
        <translation>Alle Urteile</translation>
    </message>
    <message>
        <source>Filter by class</source>
        <translation>Nach Klasse filtern</translation>
    </message>
    <message>
        <source>Filter by verdict</source>
        <translation>Nach Urteil filtern</translation>
    </message>
    <message>
        <source>Filter by file name</source>
        <translation>Nach Dateinamen filtern</translation>
    </message>
    <message>
        <source>Show only photos whose file name contains this text</source>
        <translation>Nur Fotos anzeigen, deren Dateiname diesen Text enthält</translation>
    </message>
    <message>
        <source>The photos that you open are listed here.</source>
        <translation>Hier werden die Fotos aufgelistet, die Sie öffnen.</translation>
    </message>
    <message>
        <source>No photo matches the filter.</source>
        <translation>Kein Foto entspricht dem Filter.</translation>
    </message>
    <message>
        <source>Clear &amp;filter</source>
        <translation>Filte&amp;r zurücksetzen</translation>
    </message>
    <message>
        <source>Photos by verdict and class</source>
        <translation>Fotos nach Urteil und Klasse</translation>
    </message>
    <message>
        <source>Temporary</source>
        <translation>Temporär</translation>
    </message>
    <message>
        <source>Pending</source>
        <translation>Ausstehend</translation>
    </message>
    <message>
        <source>Hidden until reviewed</source>
        <translation>Verborgen bis zur Prüfung</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>Anhal&amp;ten</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>A&amp;bbrechen</translation>
    </message>
    <message>
        <source>&amp;Dismiss</source>
        <translation>Au&amp;sblenden</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Sort by file name</source>
        <translation>Nach Dateinamen sortieren</translation>
    </message>
    <message>
        <source>Sort by folder</source>
        <translation>Nach Ordner sortieren</translation>
    </message>
    <message>
        <source>Sort by class</source>
        <translation>Nach Klasse sortieren</translation>
    </message>
    <message>
        <source>Sort by score</source>
        <translation>Nach Score sortieren</translation>
    </message>
    <message>
        <source>Sort by verdict</source>
        <translation>Nach Urteil sortieren</translation>
    </message>
    <message>
        <source>Sort by review</source>
        <translation>Nach Prüfung sortieren</translation>
    </message>
    <message>
        <source>Sort by model</source>
        <translation>Nach Modell sortieren</translation>
    </message>
    <message>
        <source>Confident</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>Uncertain</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Out of scope</source>
        <translation>Außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>Verborgen</translation>
    </message>
    <message>
        <source>Bundle {digest}</source>
        <translation>Modellpaket {digest}</translation>
    </message>
    <message>
        <source>{shown} of {photos}</source>
        <translation>{shown} von {photos}</translation>
    </message>
    <message>
        <source>List all photos again</source>
        <translation>Wieder alle Fotos auflisten</translation>
    </message>
    <message>
        <source>List only these {photos}: {name}</source>
        <translation>Nur diese auflisten ({photos}): {name}</translation>
    </message>
    <message>
        <source>{number} failed</source>
        <translation>{number} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{photos} classified</source>
        <translation>{photos} klassifiziert</translation>
    </message>
    <message>
        <source>Cancelled after {done} of {total} photos</source>
        <translation>Nach {done} von {total} Fotos abgebrochen</translation>
    </message>
    <message>
        <source>Stopped after {done} of {total} photos</source>
        <translation>Nach {done} von {total} Fotos angehalten</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>a few seconds left</source>
        <translation>noch einige Sekunden</translation>
    </message>
    <message>
        <source>about {number} s left</source>
        <translation>noch etwa {number} s</translation>
    </message>
    <message>
        <source>about {number} min left</source>
        <translation>noch etwa {number} min</translation>
    </message>
    <message>
        <source>about {number} h left</source>
        <translation>noch etwa {number} h</translation>
    </message>
</context>
<context>
    <name>picture</name>
    <message>
        <source>Open a photo or drop it here</source>
        <translation>Foto öffnen oder hier ablegen</translation>
    </message>
    <message>
        <source>or try sample pictures</source>
        <translation>oder Beispielbilder ausprobieren</translation>
    </message>
    <message>
        <source>Opens drawn sample pictures: one for each class, and one without skin</source>
        <translation>Öffnet gezeichnete Beispielbilder: eines für jede Klasse und eines ohne Haut</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Draw as</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Colours hide some of the skin; contours leave it as it is</source>
        <translation>Farben verdecken einen Teil der Haut; Konturen lassen sie, wie sie ist</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Hold to see the photo without the overlay (Space)</source>
        <translation>Gedrückt halten, um das Foto ohne Überlagerung zu sehen (Leertaste)</translation>
    </message>
    <message>
        <source>The deeper the blue of a place and the further within the contours it is, the more it adds to the score of this class, compared with the strongest place for the same class. Places without either add little or nothing. Neither says why.</source>
        <translation>Je tiefer das Blau einer Stelle ist und je weiter innen sie in den Konturen liegt, desto mehr trägt sie zum Score dieser Klasse bei, verglichen mit der stärksten Stelle für dieselbe Klasse. Stellen ohne beides tragen wenig oder nichts bei. Warum, sagt beides nicht.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Contours</source>
        <translation>Konturen</translation>
    </message>
    <message>
        <source>Available when a model is loaded</source>
        <translation>Verfügbar, sobald ein Modell geladen ist</translation>
    </message>
    <message>
        <source>This model has no activation maps. Train it again to see where it looked</source>
        <translation>Dieses Modell hat keine Aktivierungskarten. Trainieren Sie es neu, um zu sehen, worauf es achtet</translation>
    </message>
    <message>
        <source>Not available: this photo was not classified</source>
        <translation>Nicht verfügbar: Dieses Foto wurde nicht klassifiziert</translation>
    </message>
    <message>
        <source>Open a photo to see where the model looked</source>
        <translation>Öffnen Sie ein Foto, um zu sehen, worauf das Modell achtet</translation>
    </message>
    <message>
        <source>Mark the places that add to the score of a class (M)</source>
        <translation>Die Stellen markieren, die zum Score einer Klasse beitragen (M)</translation>
    </message>
    <message>
        <source>{name}: computing where the model looked…</source>
        <translation>{name}: Es wird berechnet, worauf das Modell achtet…</translation>
    </message>
    <message>
        <source>{name}: no place in this photo adds to the score</source>
        <translation>{name}: Keine Stelle in diesem Foto trägt zum Score bei</translation>
    </message>
    <message>
        <source>{name}: coloured places add to the score</source>
        <translation>{name}: Farbige Stellen tragen zum Score bei</translation>
    </message>
    <message>
        <source>{name}: outlined places add to the score</source>
        <translation>{name}: Umrandete Stellen tragen zum Score bei</translation>
    </message>
</context>
<context>
    <name>preferences</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Another language is used when the app starts again.</source>
        <translation>Eine andere Sprache wird beim nächsten Start der App verwendet.</translation>
    </message>
    <message>
        <source>Model server</source>
        <translation>Modellserver</translation>
    </message>
    <message>
        <source>No server is set. The app uses the models on this computer.</source>
        <translation>Es ist kein Server eingestellt. Die App verwendet die Modelle auf diesem Computer.</translation>
    </message>
    <message>
        <source>C&amp;hange…</source>
        <translation>Ä&amp;ndern…</translation>
    </message>
    <message>
        <source>New versions</source>
        <translation>Neue Versionen</translation>
    </message>
    <message>
        <source>&amp;Check for new versions of the model</source>
        <translation>Nach neuen &amp;Versionen des Modells suchen</translation>
    </message>
    <message>
        <source>at startup, and then &amp;every</source>
        <translation>beim Start und dann &amp;alle</translation>
    </message>
    <message>
        <source>&#xa0;minutes</source>
        <translation>&#xa0;Minuten</translation>
    </message>
    <message>
        <source>&#xa0;minute</source>
        <translation>&#xa0;Minute</translation>
    </message>
    <message>
        <source>The app only tells you about a new version. It keeps using yours until you switch.</source>
        <translation>Die App meldet eine neue Version nur. Sie verwendet Ihre weiter, bis Sie wechseln.</translation>
    </message>
    <message>
        <source>Downloaded models</source>
        <translation>Heruntergeladene Modelle</translation>
    </message>
    <message>
        <source>Measuring their size…</source>
        <translation>Ihre Größe wird ermittelt…</translation>
    </message>
    <message>
        <source>There are no downloaded models on this computer.</source>
        <translation>Auf diesem Computer gibt es keine heruntergeladenen Modelle.</translation>
    </message>
    <message>
        <source>&amp;Delete downloaded models</source>
        <translation>Heruntergeladene &amp;Modelle löschen</translation>
    </message>
    <message>
        <source>Models are downloaded again when they are needed. If the server cannot be reached then, the app has no model.</source>
        <translation>Modelle werden wieder heruntergeladen, wenn sie gebraucht werden. Ist der Server dann nicht erreichbar, hat die App kein Modell.</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <source>&amp;Keep the list of photos and answers between sessions</source>
        <translation>&amp;Liste der Fotos und Antworten zwischen Sitzungen behalten</translation>
    </message>
    <message>
        <source>Off: the app keeps no list of your photos. On: the paths of your photos, the model’s answers and what you opened last are stored in a file that only you can read. The photos themselves are not copied. Turning this off deletes the list. Reviews are stored in the folder that you chose for them, whatever this is set to.</source>
        <translation>Aus: Die App führt keine Liste Ihrer Fotos. Ein: Die Pfade Ihrer Fotos, die Antworten des Modells und was Sie zuletzt geöffnet haben, werden in einer Datei gespeichert, die nur Sie lesen können. Die Fotos selbst werden nicht kopiert. Beim Ausschalten wird die Liste gelöscht. Prüfungen werden in jedem Fall in dem Ordner gespeichert, den Sie dafür gewählt haben.</translation>
    </message>
    <message>
        <source>Delete &amp;all app data…</source>
        <translation>Alle App-&amp;Daten löschen…</translation>
    </message>
    <message>
        <source>Delete all app data?</source>
        <translation>Alle App-Daten löschen?</translation>
    </message>
    <message>
        <source>Delete all</source>
        <translation>Alles löschen</translation>
    </message>
    <message>
        <source>Your photos, your reviews and your training results are not deleted.</source>
        <translation>Ihre Fotos, Ihre Prüfungen und Ihre Trainingsergebnisse werden nicht gelöscht.</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>While held</source>
        <translation>Solange gedrückt</translation>
    </message>
    <message>
        <source>Photo without what lies over it</source>
        <translation>Foto ohne das, was darüber liegt</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>About {app}</source>
        <translation>Über {app}</translation>
    </message>
    <message>
        <source>acnelib shows which types of acne or rosacea a photo resembles most, among the types that its model has learned. Its answers are for research. They are not medical advice: see a doctor about your skin.</source>
        <translation>acnelib zeigt, welchen Arten von Akne oder Rosazea ein Foto am meisten ähnelt, unter den Arten, die sein Modell gelernt hat. Die Antworten dienen der Forschung. Sie sind kein medizinischer Rat: Lassen Sie Hautprobleme ärztlich abklären.</translation>
    </message>
    <message>
        <source>Third-party software</source>
        <translation>Software Dritter</translation>
    </message>
    <message>
        <source>Component</source>
        <translation>Komponente</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Qt and PySide6 are used under the GNU Lesser General Public License, version 3. You may replace them with your own versions. Their source code is at code.qt.io, and the licence is at gnu.org/licenses/lgpl-3.0.</source>
        <translation>Qt und PySide6 werden unter der GNU Lesser General Public License, Version 3, verwendet. Sie dürfen sie durch eigene Versionen ersetzen. Der Quelltext steht auf code.qt.io, die Lizenz auf gnu.org/licenses/lgpl-3.0.</translation>
    </message>
    <message>
        <source>settings and the position of the window</source>
        <translation>Einstellungen und Position des Fensters</translation>
    </message>
    <message>
        <source>the list of photos and answers</source>
        <translation>die Liste der Fotos und Antworten</translation>
    </message>
    <message>
        <source>downloaded models</source>
        <translation>heruntergeladene Modelle</translation>
    </message>
    <message>
        <source>the address of the model server and its login</source>
        <translation>die Adresse des Modellservers und seine Anmeldung</translation>
    </message>
    <message>
        <source>the folders that file dialogs remember</source>
        <translation>die Ordner, die sich Dateidialoge merken</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>They take up {size} on this computer.</source>
        <translation>Sie belegen {size} auf diesem Computer.</translation>
    </message>
    <message>
        <source>Their size is unknown: {reason}</source>
        <translation>Ihre Größe ist unbekannt: {reason}</translation>
    </message>
    <message>
        <source>This deletes:

{items}

{left}</source>
        <translation>Gelöscht werden:

{items}

{left}</translation>
    </message>
    <message>
        <source>All app data has been deleted.</source>
        <translation>Alle App-Daten wurden gelöscht.</translation>
    </message>
    <message>
        <source>This could not be deleted:

{items}

Everything else has been deleted.</source>
        <translation>Dies konnte nicht gelöscht werden:

{items}

Alles andere wurde gelöscht.</translation>
    </message>
</context>
<context>
    <name>promise</name>
    <message>
        <source>check it on your photos: acne validate DIR</source>
        <translation>prüfen Sie es auf Ihren Fotos: acne validate DIR</translation>
    </message>
    <message>
        <source>This model was trained on drawn pictures only, so it calls no answer confident.</source>
        <translation>Dieses Modell wurde nur mit gezeichneten Bildern trainiert und nennt deshalb keine Antwort sicher.</translation>
    </message>
    <message>
        <source>no named source</source>
        <translation>ungenannten Quellen</translation>
    </message>
    <message>
        <source>“Confident” was measured on photos of {sources} (held-out patients): right in at least {level}</source>
        <translation>„Sicher“ wurde auf Fotos von {sources} gemessen (zurückgehaltene Patienten): in mindestens {level} richtig</translation>
    </message>
    <message>
        <source>No answer is confident: that {level} of them would be right was not shown on photos of {sources} (held-out patients)</source>
        <translation>Keine Antwort ist sicher: Auf Fotos von {sources} (zurückgehaltene Patienten) wurde nicht gezeigt, dass {level} davon richtig wären</translation>
    </message>
    <message>
        <source>Photos of other sources: not measured</source>
        <translation>Fotos aus anderen Quellen: nicht gemessen</translation>
    </message>
    <message>
        <source>Photos of other sources (each held apart): none confident</source>
        <translation>Fotos aus anderen Quellen (jeweils zurückgehalten): keine Antwort sicher</translation>
    </message>
    <message>
        <source>Photos of other sources (each held apart): right in {accuracy}, where {coverage} of the answers are confident</source>
        <translation>Fotos aus anderen Quellen (jeweils zurückgehalten): in {accuracy} richtig, wobei {coverage} der Antworten sicher sind</translation>
    </message>
</context>
<context>
    <name>report</name>
    <message>
        <source>{app} report</source>
        <translation>{app}-Bericht</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Scores</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Photo size</source>
        <translation>Größe des Fotos</translation>
    </message>
    <message>
        <source>SHA-256 of the photo</source>
        <translation>SHA-256 des Fotos</translation>
    </message>
    <message>
        <source>Photo quality</source>
        <translation>Fotoqualität</translation>
    </message>
    <message>
        <source>no problem found</source>
        <translation>keine Mängel gefunden</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Checksum of the model</source>
        <translation>Prüfsumme des Modells</translation>
    </message>
    <message>
        <source>Report made</source>
        <translation>Bericht erstellt</translation>
    </message>
    <message>
        <source>Measured on</source>
        <translation>Gemessen auf</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>Urteile</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Without an answer</source>
        <translation>Ohne Antwort</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Coloured: where the model looked for {name}</source>
        <translation>Farbig: worauf das Modell bei „{name}“ achtet</translation>
    </message>
    <message>
        <source>none: this model calls no answer confident</source>
        <translation>keine: Dieses Modell nennt keine Antwort sicher</translation>
    </message>
    <message>
        <source>{threshold} (of this site)</source>
        <translation>{threshold} (dieses Standorts)</translation>
    </message>
    <message>
        <source>{threshold} (of the model)</source>
        <translation>{threshold} (des Modells)</translation>
    </message>
    <message>
        <source>{threshold} (set by the user)</source>
        <translation>{threshold} (selbst eingestellt)</translation>
    </message>
    <message>
        <source>not classified yet</source>
        <translation>noch nicht klassifiziert</translation>
    </message>
    <message>
        <source>hidden until it is reviewed</source>
        <translation>verborgen bis zur Prüfung</translation>
    </message>
    <message>
        <source>{name}, trained on drawn pictures only</source>
        <translation>{name}, nur mit gezeichneten Bildern trainiert</translation>
    </message>
    <message>
        <source>{time} by {app} {version}</source>
        <translation>{time} mit {app} {version}</translation>
    </message>
    <message>
        <source>{number} of {pages}</source>
        <translation>{number} von {pages}</translation>
    </message>
</context>
<context>
    <name>review</name>
    <message>
        <source>Review</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>The photo shows none of these classes. A training takes it as a background photo.</source>
        <translation>Das Foto zeigt keine dieser Klassen. Ein Training nimmt es als Hintergrundfoto.</translation>
    </message>
    <message>
        <source>You cannot tell what the photo shows. A training leaves it out, unless another reviewer can tell.</source>
        <translation>Sie können nicht sagen, was das Foto zeigt. Ein Training lässt es aus, es sei denn, jemand anderes kann es sagen.</translation>
    </message>
    <message>
        <source>The photo shows the class that the model names.</source>
        <translation>Das Foto zeigt die Klasse, die das Modell nennt.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take back the last review</source>
        <translation>Die letzte Prüfung zurücknehmen</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Ctrl+Z</source>
        <translation>Strg+Z</translation>
    </message>
    <message>
        <source>your review</source>
        <translation>Ihre Prüfung</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Which photo comes next after a review</source>
        <translation>Welches Foto nach einer Prüfung als Nächstes kommt</translation>
    </message>
    <message>
        <source>Hide answers until reviewed</source>
        <translation>Antworten bis zur Prüfung verbergen</translation>
    </message>
    <message>
        <source>Only reviews that you make without having seen the model’s answer are used to measure a model. Turn this on before you open the photos.</source>
        <translation>Um ein Modell zu messen, zählen nur Prüfungen, bei denen Sie die Antwort des Modells nicht gesehen haben. Schalten Sie dies ein, bevor Sie die Fotos öffnen.</translation>
    </message>
    <message>
        <source>Reviewer</source>
        <translation>Prüfer/in</translation>
    </message>
    <message>
        <source>Pseudonym (optional)</source>
        <translation>Pseudonym (optional)</translation>
    </message>
    <message>
        <source>Tells your reviews from those of others. It is written with each review, so do not use your name.</source>
        <translation>Unterscheidet Ihre Prüfungen von denen anderer. Es wird mit jeder Prüfung gespeichert; verwenden Sie deshalb nicht Ihren Namen.</translation>
    </message>
    <message>
        <source>A pseudonym is one line of at most 60 visible characters.</source>
        <translation>Ein Pseudonym ist eine Zeile mit höchstens 60 sichtbaren Zeichen.</translation>
    </message>
    <message>
        <source>This photo cannot be reviewed yet: wait until it has been read.</source>
        <translation>Dieses Foto kann noch nicht geprüft werden: Warten Sie, bis es gelesen ist.</translation>
    </message>
    <message>
        <source>There is no photo to review. Open one first.</source>
        <translation>Es gibt kein Foto zum Prüfen. Öffnen Sie zuerst eines.</translation>
    </message>
    <message>
        <source>You have reviewed all of these photos.</source>
        <translation>Sie haben alle diese Fotos geprüft.</translation>
    </message>
    <message>
        <source>There is no further disagreement in the list.</source>
        <translation>In der Liste gibt es keinen weiteren Widerspruch.</translation>
    </message>
    <message>
        <source>As listed</source>
        <translation>Wie aufgelistet</translation>
    </message>
    <message>
        <source>Least certain first</source>
        <translation>Unsicherste zuerst</translation>
    </message>
    <message>
        <source>Disagreements only</source>
        <translation>Nur Widersprüche</translation>
    </message>
    <message>
        <source>Random sample</source>
        <translation>Zufallsstichprobe</translation>
    </message>
    <message>
        <source>What does this photo show?</source>
        <translation>Was zeigt dieses Foto?</translation>
    </message>
    <message>
        <source>What do these {number} photos show?</source>
        <translation>Was zeigen diese {number} Fotos?</translation>
    </message>
    <message>
        <source>Agree with each answer</source>
        <translation>Jeder Antwort zustimmen</translation>
    </message>
    <message>
        <source>Agree with the answer</source>
        <translation>Der Antwort zustimmen</translation>
    </message>
    <message>
        <source>Agree: {name}</source>
        <translation>Zustimmen: {name}</translation>
    </message>
    <message>
        <source>{reviewed} of {total} reviewed</source>
        <translation>{reviewed} von {total} geprüft</translation>
    </message>
    <message>
        <source>{name}, key {key}</source>
        <translation>{name}, Taste {key}</translation>
    </message>
    <message>
        <source>not defined yet</source>
        <translation>noch nicht bestimmt</translation>
    </message>
    <message>
        <source>{one} and {other}: Cohen’s κ&#xa0;{kappa} on {photos}, reviewed blind</source>
        <translation>{one} und {other}: Cohens κ&#xa0;{kappa} auf {photos}, blind geprüft</translation>
    </message>
    <message>
        <source>{one} and {other}: Cohen’s κ&#xa0;{kappa} on {photos}, some reviewed with the answer in sight</source>
        <translation>{one} und {other}: Cohens κ&#xa0;{kappa} auf {photos}, einige mit sichtbarer Antwort geprüft</translation>
    </message>
    <message>
        <source>The answer is hidden until you have reviewed the photo, so there is nothing to agree with yet.</source>
        <translation>Die Antwort ist verborgen, bis Sie das Foto geprüft haben. Deshalb gibt es noch nichts zum Zustimmen.</translation>
    </message>
    <message>
        <source>Not every selected photo has an answer within the model’s scope. Choose a class instead.</source>
        <translation>Nicht jedes ausgewählte Foto hat eine Antwort im Bereich des Modells. Wählen Sie stattdessen eine Klasse.</translation>
    </message>
    <message>
        <source>There is no answer within the model’s scope to agree with. Choose a class, or press 0 or ?.</source>
        <translation>Es gibt keine Antwort im Bereich des Modells zum Zustimmen. Wählen Sie eine Klasse, oder drücken Sie 0 oder ?.</translation>
    </message>
    <message>
        <source>{reason}. Nothing has been changed or added.</source>
        <translation>{reason}. Nichts wurde geändert oder hinzugefügt.</translation>
    </message>
    <message>
        <source>The review was not stored: {reason}</source>
        <translation>Die Prüfung wurde nicht gespeichert: {reason}</translation>
    </message>
    <message>
        <source>The review was not taken back: {reason}</source>
        <translation>Die Prüfung wurde nicht zurückgenommen: {reason}</translation>
    </message>
    <message>
        <source>Your reviews are stored in {path}. Only you can read that file.</source>
        <translation>Ihre Prüfungen werden in {path} gespeichert. Nur Sie können diese Datei lesen.</translation>
    </message>
</context>
<context>
    <name>site_check</name>
    <message>
        <source>How far to trust it here</source>
        <translation>Wie verlässlich es hier ist</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Use the model’s own threshold</source>
        <translation>Eigene Schwelle des Modells verwenden</translation>
    </message>
    <message>
        <source>On this computer, for this version of the model. You can undo it.</source>
        <translation>Auf diesem Computer, für diese Version des Modells. Sie können es rückgängig machen.</translation>
    </message>
    <message>
        <source>Not checked: </source>
        <translation>Nicht gemessen: </translation>
    </message>
    <message>
        <source>The model does not say which photos it was trained on, so none could be left out.</source>
        <translation>Das Modell sagt nicht, mit welchen Fotos es trainiert wurde. Deshalb konnten keine ausgelassen werden.</translation>
    </message>
    <message>
        <source>Copies of a photo count as several, since the training extras are not installed here, so the threshold cannot be changed from here.</source>
        <translation>Kopien eines Fotos zählen mehrfach, weil die Zusatzpakete für das Training hier nicht installiert sind. Deshalb kann die Schwelle von hier aus nicht geändert werden.</translation>
    </message>
    <message>
        <source>Right when confident</source>
        <translation>Richtig, wenn sicher</translation>
    </message>
    <message>
        <source>Share of the confident answers that is right, with its 95 % interval.</source>
        <translation>Anteil der sicheren Antworten, der richtig ist, mit 95-%-Intervall.</translation>
    </message>
    <message>
        <source>Confident answers</source>
        <translation>Sichere Antworten</translation>
    </message>
    <message>
        <source>Share of the photos with a confident answer.</source>
        <translation>Anteil der Fotos mit einer sicheren Antwort.</translation>
    </message>
    <message>
        <source>Right in all</source>
        <translation>Richtig insgesamt</translation>
    </message>
    <message>
        <source>Share of all photos whose highest score is that of the right class, with its 95 % interval.</source>
        <translation>Anteil aller Fotos, deren höchster Score der der richtigen Klasse ist, mit 95-%-Intervall.</translation>
    </message>
    <message>
        <source>Calibration error</source>
        <translation>Kalibrierungsfehler</translation>
    </message>
    <message>
        <source>Mean gap between scores and the share that is right: 0 is perfect.</source>
        <translation>Mittlerer Abstand zwischen Scores und dem Anteil, der richtig ist: 0 ist perfekt.</translation>
    </message>
    <message>
        <source>{done} of {needed} blind reviews</source>
        <translation>{done} von {needed} blinden Prüfungen</translation>
    </message>
    <message>
        <source>Review 1 more photo with answers hidden to see how often the model is right on photos like yours.</source>
        <translation>Prüfen Sie 1 weiteres Foto mit verborgenen Antworten, um zu sehen, wie oft das Modell auf Fotos wie Ihren richtig liegt.</translation>
    </message>
    <message>
        <source>Review {number} more photos with answers hidden to see how often the model is right on photos like yours.</source>
        <translation>Prüfen Sie {number} weitere Fotos mit verborgenen Antworten, um zu sehen, wie oft das Modell auf Fotos wie Ihren richtig liegt.</translation>
    </message>
    <message>
        <source>Not counted: {photos} reviewed with the answer in sight.</source>
        <translation>Nicht gezählt: {photos}, mit sichtbarer Antwort geprüft.</translation>
    </message>
    <message>
        <source>Left out: {photos} that the model was trained on.</source>
        <translation>Ausgelassen: {photos}, mit denen das Modell trainiert wurde.</translation>
    </message>
    <message>
        <source>No answer is confident here</source>
        <translation>Hier ist keine Antwort sicher</translation>
    </message>
    <message>
        <source>Confident answers can be trusted here</source>
        <translation>Sicheren Antworten kann man hier trauen</translation>
    </message>
    <message>
        <source>Confident answers cannot be trusted here</source>
        <translation>Sicheren Antworten kann man hier nicht trauen</translation>
    </message>
    <message>
        <source>Not shown yet that you can trust it here</source>
        <translation>Noch nicht gezeigt, dass man ihm hier trauen kann</translation>
    </message>
    <message>
        <source>Measured on {photos} reviewed blind here.</source>
        <translation>Gemessen auf {photos}, hier blind geprüft.</translation>
    </message>
    <message>
        <source>Measured on {photos} reviewed blind here, {groups} without copies and shots of one scene.</source>
        <translation>Gemessen auf {photos}, hier blind geprüft, davon {groups} ohne Kopien und Aufnahmen derselben Szene.</translation>
    </message>
    <message>
        <source>These are too few to show the promised {share}; more may show it.</source>
        <translation>Das sind zu wenige, um die versprochenen {share} zu zeigen; mehr können es zeigen.</translation>
    </message>
    <message>
        <source>promised: {share} or more</source>
        <translation>versprochen: mindestens {share}</translation>
    </message>
    <message>
        <source>of the photos</source>
        <translation>der Fotos</translation>
    </message>
    <message>
        <source>No threshold reaches {share} on these photos. {now}</source>
        <translation>Auf diesen Fotos erreicht keine Schwelle {share}. {now}</translation>
    </message>
    <message>
        <source>These photos reach {share} from {threshold}, which is this site’s threshold now.</source>
        <translation>Diese Fotos erreichen {share} ab {threshold}; das ist jetzt die Schwelle dieses Standorts.</translation>
    </message>
    <message>
        <source>These photos reach {share} from {threshold}. {now}</source>
        <translation>Diese Fotos erreichen {share} ab {threshold}. {now}</translation>
    </message>
    <message>
        <source>Now no answer is confident (this site’s).</source>
        <translation>Derzeit ist keine Antwort sicher (Schwelle dieses Standorts).</translation>
    </message>
    <message>
        <source>Now no answer is confident (the model’s own).</source>
        <translation>Derzeit ist keine Antwort sicher (eigene Schwelle des Modells).</translation>
    </message>
    <message>
        <source>Now confident is from {threshold} (this site’s).</source>
        <translation>Derzeit gilt als sicher ab {threshold} (Schwelle dieses Standorts).</translation>
    </message>
    <message>
        <source>Now confident is from {threshold} (the model’s own).</source>
        <translation>Derzeit gilt als sicher ab {threshold} (eigene Schwelle des Modells).</translation>
    </message>
    <message>
        <source>Call none confident</source>
        <translation>Keine sicher nennen</translation>
    </message>
    <message>
        <source>Use {threshold} here</source>
        <translation>Hier {threshold} verwenden</translation>
    </message>
    <message>
        <source>No answer of this version is confident on this computer from now on.</source>
        <translation>Auf diesem Computer ist ab jetzt keine Antwort dieser Version sicher.</translation>
    </message>
    <message>
        <source>This site’s threshold, {threshold}, is used from now on, for answers in the list, too.</source>
        <translation>Ab jetzt gilt die Schwelle dieses Standorts, {threshold}, auch für Antworten in der Liste.</translation>
    </message>
    <message>
        <source>The model’s own threshold, {threshold}, is used from now on, for answers in the list, too.</source>
        <translation>Ab jetzt gilt die eigene Schwelle des Modells, {threshold}, auch für Antworten in der Liste.</translation>
    </message>
    <message>
        <source>in its own test: {value}</source>
        <translation>im eigenen Test: {value}</translation>
    </message>
</context>
<context>
    <name>state</name>
    <message>
        <source>Research tool, not a diagnosis</source>
        <translation>Forschungswerkzeug, keine Diagnose</translation>
    </message>
    <message>
        <source>None of these</source>
        <translation>Keine davon</translation>
    </message>
    <message>
        <source>Cannot tell</source>
        <translation>Nicht erkennbar</translation>
    </message>
    <message>
        <source>no name</source>
        <translation>ohne Namen</translation>
    </message>
    <message>
        <source>confident</source>
        <translation>sicher</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>out of scope</source>
        <translation>außerhalb des Bereichs</translation>
    </message>
    <message>
        <source>s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>min</source>
        <translation>min</translation>
    </message>
    <message>
        <source>h</source>
        <translation>h</translation>
    </message>
    <message>
        <source>Production</source>
        <translation>Produktion</translation>
    </message>
    <message>
        <source>Staging</source>
        <translation>Staging</translation>
    </message>
    <message>
        <source>1 photo</source>
        <translation>1 Foto</translation>
    </message>
    <message>
        <source>{number} photos</source>
        <translation>{number} Fotos</translation>
    </message>
    <message>
        <source>about {amount} {unit}</source>
        <translation>etwa {amount} {unit}</translation>
    </message>
    <message>
        <source>Photo quality: {problems}</source>
        <translation>Fotoqualität: {problems}</translation>
    </message>
    <message>
        <source>small</source>
        <translation>klein</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>dunkel</translation>
    </message>
    <message>
        <source>very bright</source>
        <translation>sehr hell</translation>
    </message>
    <message>
        <source>blurred</source>
        <translation>unscharf</translation>
    </message>
    <message>
        <source>{name} (folder)</source>
        <translation>{name} (Ordner)</translation>
    </message>
    <message>
        <source>{name}, version {version}</source>
        <translation>{name}, Version {version}</translation>
    </message>
    <message>
        <source>“\1”</source>
        <translation>„\1“</translation>
    </message>
</context>
<context>
    <name>training</name>
    <message>
        <source>Train with my reviews</source>
        <translation>Mit meinen Prüfungen trainieren</translation>
    </message>
    <message>
        <source>A new version of the model learns from the photos in these folders. Where you have reviewed a photo, your review counts instead of its folder’s name; photos of “none of these” become background, and what reviewers cannot tell is left out. The new version replaces production only if it is better on photos that it was not trained on. Everything stays on this computer and your model server.</source>
        <translation>Eine neue Version des Modells lernt aus den Fotos in diesen Ordnern. Wo Sie ein Foto geprüft haben, zählt Ihre Prüfung statt des Ordnernamens; Fotos mit „Keine davon“ werden zu Hintergrund, und was niemand erkennen kann, wird ausgelassen. Die neue Version löst die in Produktion nur ab, wenn sie auf Fotos besser ist, mit denen sie nicht trainiert wurde. Alles bleibt auf diesem Computer und Ihrem Modellserver.</translation>
    </message>
    <message>
        <source>&amp;Folders of photos</source>
        <translation>&amp;Fotoordner</translation>
    </message>
    <message>
        <source>With a sub-folder for each class, or without: then only reviewed photos count.</source>
        <translation>Mit einem Unterordner je Klasse, oder ohne: Dann zählen nur geprüfte Fotos.</translation>
    </message>
    <message>
        <source>&amp;Background (optional)</source>
        <translation>&amp;Hintergrund (optional)</translation>
    </message>
    <message>
        <source>Folders of photos that show none of the classes.</source>
        <translation>Ordner mit Fotos, die keine der Klassen zeigen.</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Hinzufügen…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Reviews</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Ändern…</translation>
    </message>
    <message>
        <source>Start fr&amp;om</source>
        <translation>Aus&amp;gangsgewichte</translation>
    </message>
    <message>
        <source>&amp;Start training</source>
        <translation>&amp;Training starten</translation>
    </message>
    <message>
        <source>&amp;Cancel training</source>
        <translation>Training &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;Hide</source>
        <translation>A&amp;usblenden</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Co&amp;py the command</source>
        <translation>Befehl &amp;kopieren</translation>
    </message>
    <message>
        <source>The command was copied.</source>
        <translation>Der Befehl wurde kopiert.</translation>
    </message>
    <message>
        <source>Name at least one folder of photos.</source>
        <translation>Nennen Sie mindestens einen Ordner mit Fotos.</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>Training is ending …</source>
        <translation>Das Training wird beendet …</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Start …</translation>
    </message>
    <message>
        <source>All listed photos will be classified again, and those that get another class will be listed here.</source>
        <translation>Alle aufgelisteten Fotos werden neu klassifiziert; die mit einer anderen Klasse werden hier aufgeführt.</translation>
    </message>
    <message>
        <source>The new version was trained with the photos that you have reviewed, so this does not show how good it is.</source>
        <translation>Die neue Version wurde mit den Fotos trainiert, die Sie geprüft haben. Wie gut sie ist, zeigt dies deshalb nicht.</translation>
    </message>
    <message>
        <source>The listed photos are being classified by the new version …</source>
        <translation>Die aufgelisteten Fotos werden von der neuen Version klassifiziert …</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Your review</source>
        <translation>Ihre Prüfung</translation>
    </message>
    <message>
        <source>Training is under way</source>
        <translation>Ein Training läuft</translation>
    </message>
    <message>
        <source>If you quit, training ends. Finished steps are kept: start the same training again, and it goes on from there.</source>
        <translation>Wenn Sie die App beenden, endet das Training. Fertige Schritte bleiben erhalten: Starten Sie dasselbe Training noch einmal, und es geht dort weiter.</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>Anhalten und beenden</translation>
    </message>
    <message>
        <source>Choose a folder of photos</source>
        <translation>Einen Ordner mit Fotos wählen</translation>
    </message>
    <message>
        <source>Choose a folder of background photos</source>
        <translation>Einen Ordner mit Hintergrundfotos wählen</translation>
    </message>
    <message>
        <source>Choose the folder for results</source>
        <translation>Den Ordner für Ergebnisse wählen</translation>
    </message>
    <message>
        <source>ImageNet weights (best; downloaded once)</source>
        <translation>ImageNet-Gewichte (am besten; einmaliger Download)</translation>
    </message>
    <message>
        <source>Starter weights (small and quick, for a trial)</source>
        <translation>Startgewichte (klein und schnell, zum Ausprobieren)</translation>
    </message>
    <message>
        <source>Read the photos and reviews</source>
        <translation>Fotos und Prüfungen lesen</translation>
    </message>
    <message>
        <source>Sort out copies and bad photos</source>
        <translation>Kopien und schlechte Fotos aussortieren</translation>
    </message>
    <message>
        <source>Set photos apart for testing</source>
        <translation>Fotos zum Testen beiseitelegen</translation>
    </message>
    <message>
        <source>Adapt the networks</source>
        <translation>Netze anpassen</translation>
    </message>
    <message>
        <source>Look at each photo</source>
        <translation>Jedes Foto auswerten</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Test on photos set apart</source>
        <translation>Auf beiseitegelegten Fotos testen</translation>
    </message>
    <message>
        <source>Register the new version</source>
        <translation>Neue Version registrieren</translation>
    </message>
    <message>
        <source>Compare with production</source>
        <translation>Mit der Produktion vergleichen</translation>
    </message>
    <message>
        <source>Training needs parts that are not installed with this app ({modules} missing). Install them with “{command}”, or copy the command and run it on a computer that has them.</source>
        <translation>Das Training braucht Teile, die mit dieser App nicht installiert sind (es fehlen: {modules}). Installieren Sie sie mit „{command}“, oder kopieren Sie den Befehl und führen Sie ihn auf einem Computer aus, der sie hat.</translation>
    </message>
    <message>
        <source>Counting the photos …</source>
        <translation>Die Fotos werden gezählt …</translation>
    </message>
    <message>
        <source>{photos} in these folders: {time} on two cores. Photos of an earlier training take no time again.</source>
        <translation>{photos} in diesen Ordnern: {time} auf zwei Kernen. Fotos eines früheren Trainings kosten keine Zeit mehr.</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>{what} {done} of {total}</source>
        <translation>{what} {done} von {total}</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>Version {version}</translation>
    </message>
    <message>
        <source>The new version</source>
        <translation>Die neue Version</translation>
    </message>
    <message>
        <source>{version} was promoted: it is the production model now</source>
        <translation>{version} ist jetzt in Produktion</translation>
    </message>
    <message>
        <source>{version} was not promoted: production stays</source>
        <translation>{version} wurde nicht übernommen: Die Produktion bleibt</translation>
    </message>
    <message>
        <source>Nothing to learn: photos and reviews are the same as in the last training</source>
        <translation>Nichts zu lernen: Fotos und Prüfungen sind dieselben wie beim letzten Training</translation>
    </message>
    <message>
        <source>Training was cancelled</source>
        <translation>Das Training wurde abgebrochen</translation>
    </message>
    <message>
        <source>Training has ended</source>
        <translation>Das Training ist beendet</translation>
    </message>
    <message>
        <source>Training failed</source>
        <translation>Das Training ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>Finished steps are kept: start the same training again, and it goes on from there.</source>
        <translation>Fertige Schritte bleiben erhalten: Starten Sie dasselbe Training noch einmal, und es geht dort weiter.</translation>
    </message>
    <message>
        <source>{reasons}
The log is in {log}.</source>
        <translation>{reasons}
Das Protokoll ist in {log}.</translation>
    </message>
    <message>
        <source>{outcome}. Review → Train with my reviews… says more.</source>
        <translation>{outcome}. Mehr dazu unter Prüfung → Mit meinen Prüfungen trainieren… im Menü.</translation>
    </message>
    <message>
        <source>&amp;Use it and compare</source>
        <translation>&amp;Verwenden und vergleichen</translation>
    </message>
    <message>
        <source>&amp;Use version {version} and compare</source>
        <translation>&amp;Version {version} verwenden und vergleichen</translation>
    </message>
    <message>
        <source>No listed photo has an answer of both versions.</source>
        <translation>Kein aufgelistetes Foto hat eine Antwort beider Versionen.</translation>
    </message>
    <message>
        <source>1 answer has changed, of {photos}.</source>
        <translation>1 Antwort hat sich geändert ({photos} verglichen).</translation>
    </message>
    <message>
        <source>{number} answers have changed, of {photos}.</source>
        <translation>{number} Antworten haben sich geändert ({photos} verglichen).</translation>
    </message>
    <message>
        <source>No answer has changed, of {photos}.</source>
        <translation>Keine Antwort hat sich geändert ({photos} verglichen).</translation>
    </message>
    <message>
        <source>{number} hidden answers are left out.</source>
        <translation>{number} verborgene Antworten sind ausgelassen.</translation>
    </message>
</context>
<context>
    <name>window</name>
    <message>
        <source>No photo open</source>
        <translation>Kein Foto geöffnet</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open photos…</source>
        <translation>Fotos ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>O&amp;rdner öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>Try &amp;sample pictures</source>
        <translation>Bei&amp;spielbilder ausprobieren</translation>
    </message>
    <message>
        <source>&amp;Export table…</source>
        <translation>&amp;Tabelle exportieren…</translation>
    </message>
    <message>
        <source>Sa&amp;ve picture as shown…</source>
        <translation>Bild &amp;wie angezeigt speichern…</translation>
    </message>
    <message>
        <source>Pr&amp;int report of this photo…</source>
        <translation>Bericht zu diesem Foto &amp;drucken…</translation>
    </message>
    <message>
        <source>Print report of the list…</source>
        <translation>Bericht zur Liste drucken…</translation>
    </message>
    <message>
        <source>Save rep&amp;ort of this photo…</source>
        <translation>Bericht zu diesem F&amp;oto speichern…</translation>
    </message>
    <message>
        <source>Save report of the &amp;list…</source>
        <translation>Bericht zur &amp;Liste speichern…</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>Ei&amp;nstellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;List</source>
        <translation>&amp;Liste</translation>
    </message>
    <message>
        <source>&amp;Next photo</source>
        <translation>&amp;Nächstes Foto</translation>
    </message>
    <message>
        <source>P&amp;revious photo</source>
        <translation>&amp;Vorheriges Foto</translation>
    </message>
    <message>
        <source>&amp;Classify pending photos</source>
        <translation>&amp;Ausstehende Fotos klassifizieren</translation>
    </message>
    <message>
        <source>Classify all photos &amp;again</source>
        <translation>Alle Fotos neu &amp;klassifizieren</translation>
    </message>
    <message>
        <source>F&amp;ind photos</source>
        <translation>Fotos &amp;suchen</translation>
    </message>
    <message>
        <source>Compare t&amp;wo photos</source>
        <translation>&amp;Zwei Fotos vergleichen</translation>
    </message>
    <message>
        <source>Cop&amp;y answer</source>
        <translation>Ant&amp;wort kopieren</translation>
    </message>
    <message>
        <source>Copy pa&amp;th</source>
        <translation>&amp;Pfad kopieren</translation>
    </message>
    <message>
        <source>Show in fol&amp;der</source>
        <translation>Im &amp;Ordner anzeigen</translation>
    </message>
    <message>
        <source>Remove fro&amp;m list</source>
        <translation>Aus der Liste &amp;entfernen</translation>
    </message>
    <message>
        <source>C&amp;lear list</source>
        <translation>&amp;Liste leeren</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>&amp;Prüfung</translation>
    </message>
    <message>
        <source>&amp;Review photos</source>
        <translation>Fotos &amp;prüfen</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>&amp;Hide answers until reviewed</source>
        <translation>Antworten bis zur Prüfung &amp;verbergen</translation>
    </message>
    <message>
        <source>&amp;None of these</source>
        <translation>&amp;Keine davon</translation>
    </message>
    <message>
        <source>&amp;Cannot tell</source>
        <translation>&amp;Nicht erkennbar</translation>
    </message>
    <message>
        <source>&amp;Agree with the answer</source>
        <translation>Der &amp;Antwort zustimmen</translation>
    </message>
    <message>
        <source>&amp;Undo review</source>
        <translation>Prüfung &amp;rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Train with my reviews…</source>
        <translation>Mit meinen Prüfungen &amp;trainieren…</translation>
    </message>
    <message>
        <source>Change the &amp;folder of reviews…</source>
        <translation>&amp;Ordner der Prüfungen ändern…</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Fit to window</source>
        <translation>An das Fenster an&amp;passen</translation>
    </message>
    <message>
        <source>&amp;Actual size (100&#xa0;%)</source>
        <translation>&amp;Originalgröße (100&#xa0;%)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>Voll&amp;bild</translation>
    </message>
    <message>
        <source>&amp;Text size</source>
        <translation>&amp;Textgröße</translation>
    </message>
    <message>
        <source>The new text size is used when the app starts again.</source>
        <translation>Die neue Textgröße wird beim nächsten Start der App verwendet.</translation>
    </message>
    <message>
        <source>Show photos as a &amp;grid</source>
        <translation>Fotos als &amp;Raster anzeigen</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>Where the model &amp;looked</source>
        <translation>Worauf das &amp;Modell achtet</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;Choose model…</source>
        <translation>&amp;Modell wählen…</translation>
    </message>
    <message>
        <source>Check for a &amp;new version</source>
        <translation>Nach &amp;neuer Version suchen</translation>
    </message>
    <message>
        <source>Model &amp;server…</source>
        <translation>Modell&amp;server…</translation>
    </message>
    <message>
        <source>&amp;About this model</source>
        <translation>Über &amp;dieses Modell</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>{app} &amp;help</source>
        <translation>{app}-&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;About {app}</source>
        <translation>Ü&amp;ber {app}</translation>
    </message>
    <message>
        <source>Toolbar</source>
        <translation>Werkzeugleiste</translation>
    </message>
    <message>
        <source>Open photos</source>
        <translation>Fotos öffnen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Choose model</source>
        <translation>Modell wählen</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>As on the desktop</source>
        <translation>Wie auf dem Desktop</translation>
    </message>
    <message>
        <source>Model: {name}</source>
        <translation>Modell: {name}</translation>
    </message>
    <message>
        <source>Looking for the model {name}</source>
        <translation>Das Modell {name} wird gesucht</translation>
    </message>
    <message>
        <source>Bundle {digest}</source>
        <translation>Modellpaket {digest}</translation>
    </message>
    <message>
        <source>offline, last checked {time}</source>
        <translation>offline, zuletzt abgefragt {time}</translation>
    </message>
    <message>
        <source>checked {time}</source>
        <translation>abgefragt {time}</translation>
    </message>
</context>
</TS>
