package cells

import "testing"

func TestMask(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"": "", "1234": "****", "123-456-7890": "***-***-7890", "(702) 555-0199": "(***) ***-0199", "12345": "*2345", "äöüß7890": "****7890",
	} {
		if got := Mask(s, "*"); got != want {
			t.Errorf("%q is masked %q, want %q", s, got, want)
		}
	}
}
