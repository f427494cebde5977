package picker

import "testing"

func TestAnAbsolutePathTypedBehindAFolderStartsAgain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/home/dana//tmp/a.pdf": "/tmp/a.pdf", "/home/dana/~/scan": "~/scan", "~/scans/a": "~/scans/a", "/tmp/a~b": "/tmp/a~b",
		"//": "/", "": "",
	} {
		if got := restarted(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
