package screen

import (
	"bytes"
	"encoding/json"
	"strings"

	"claimdeck/state/activity"
	"claimdeck/state/text"
)

// Detail opens one thing in full over the screen. Lines draws it for a width, whenever it is shown; Raw is what the
// service sent, empty where there is none.
type Detail struct {
	Title string
	Lines func(w int) []string
	Raw   string
	Open  bool // there is nothing in it that is masked
}

func (Detail) isRequest() {}

// TitleOf is what a box about an activity is called.
func TitleOf(a activity.Activity) string {
	return strings.TrimSpace(activity.Label(a.Type) + "  " + a.ClaimNumber)
}

// RawOf is an activity as the service sent it, indented and safe to print.
func RawOf(a activity.Activity) string {
	var b bytes.Buffer
	if err := json.Indent(&b, a.Raw, "", "  "); err != nil {
		b.Reset()
		b.Write(a.Raw)
	}
	return text.Block(b.String())
}
