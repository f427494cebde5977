package nearest

import (
	"testing"

	"pgregory.net/rapid"
)

func TestName(t *testing.T) {
	t.Parallel()
	names := []string{"app.quit", "app.help", "list.down", "list.up", "order.create"}
	for _, c := range []struct{ in, want string }{
		{"app.qiut", "app.quit"},
		{"app.quit", "app.quit"},
		{"list.dwon", "list.down"},
		{"order.creat", "order.create"},
		{"orders.create", "order.create"},
		{"zebra", ""},
		{"", ""},
	} {
		if got := Name(c.in, names); got != c.want {
			t.Errorf("Name(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := Hint("app.qiut", names); got != ` (did you mean "app.quit"?)` {
		t.Errorf("Hint = %q", got)
	}
	if got := Hint("zebra", names); got != "" {
		t.Errorf("Hint of nothing near = %q", got)
	}
}

func TestDistanceIsAMeasure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.StringN(0, 12, -1).Draw(r, "a"), rapid.StringN(0, 12, -1).Draw(r, "b")
		d := distance(a, b)
		if d != distance(b, a) {
			r.Fatalf("distance(%q, %q) is not symmetric", a, b)
		}
		if (d == 0) != (string([]rune(a)) == string([]rune(b))) {
			r.Fatalf("distance(%q, %q) = %d", a, b, d)
		}
		la, lb := len([]rune(a)), len([]rune(b))
		if d > max(la, lb) || d < max(la, lb)-min(la, lb) {
			r.Fatalf("distance(%q, %q) = %d is out of its bounds", a, b, d)
		}
	})
}
