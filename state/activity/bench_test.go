package activity

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

func BenchmarkDecodeAndSummary(b *testing.B) {
	for _, file := range []string{
		"vendor-claim-created", "vendor-payoff-data-added", "vendor-direct-message-added-sent-by-carrier-user",
		"vendor-order-status-changed", "vendor-call-made",
	} {
		b.Run(file, func(b *testing.B) {
			raw, err := os.ReadFile("testdata/documents/" + file + ".json")
			if err != nil {
				b.Fatal(err)
			}
			var compact bytes.Buffer // as it comes over the wire
			if err := json.Compact(&compact, raw); err != nil {
				b.Fatal(err)
			}
			raw = compact.Bytes()
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				a, err := Decode(raw)
				if err != nil || a.Summary() == "" {
					b.Fatal(err)
				}
			}
		})
	}
}
