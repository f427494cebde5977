package action

import "claimdeck/state/text"

// Inspect says what the file at path is ("application/pdf, 182 KB"), with what a person should know before it is
// sent, or why LossExpress would not take it.
func Inspect(path string) (info string, err error) {
	doc, warning, err := disk{open: openDisk}.inspect(path)
	if err != nil {
		return "", err
	}
	info = doc.Type + ", " + sizeWords(doc.Size)
	if warning != "" {
		info += ": " + text.Line(warning)
	}
	return info, nil
}
