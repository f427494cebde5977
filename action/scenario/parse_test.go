package scenario_test

import (
	"strings"
	"testing"

	"claimdeck/action/scenario"
)

// TestParseSaysWhereAMistakeIs: every mistake is an error with file and line.
func TestParseSaysWhereAMistakeIs(t *testing.T) {
	t.Parallel()
	const head = "name = \"x\"\n[[step]]\n"
	for name, c := range map[string]struct{ toml, want string }{
		"not TOML":            {"name = \n", "s.toml:1: "},
		"no name":             {"[[step]]\ncreate = \"plain\"\n", "a scenario needs a name"},
		"no steps":            {"name = \"x\"\n", "needs at least one [[step]]"},
		"unknown head":        {"nmae = \"x\"\n" + head, `s.toml:1: unknown key "nmae"`},
		"unknown table":       {head + "create = \"plain\"\n[other]\n", `s.toml:4: unknown table "other"`},
		"unknown step":        {head + "crate = \"plain\"\n", `s.toml:3: unknown key "crate"`},
		"a step of no kind":   {head + "within = \"3s\"\n", "s.toml:2: a step needs one of create, trigger"},
		"two kinds":           {head + "create = \"plain\"\nwait = \"call-made\"\n", "s.toml:4: a step is create or wait, not both"},
		"unknown VIN":         {head + "create = \"massage\"\n", `s.toml:2: create "massage" is neither a test VIN`},
		"unknown claim field": {head + "create = \"plain\"\nfields = {lender = \"x\"}\n", `s.toml:2: create plain does not take "lender"`},
		"unknown trigger":     {head + "trigger = \"moon\"\n", `s.toml:2: trigger "moon" is not one of the nine`},
		"unknown type":        {head + "wait = \"call-mad\"\n", `s.toml:2: wait "call-mad" is not an activity type`},
		"unknown call":        {head + "call = \"order.type\"\n", `s.toml:2: call "order.type" is unknown`},
		"missing argument":    {head + "call = \"message.send\"\n", "s.toml:2: call message.send needs args.message"},
		"unknown argument":    {head + "call = \"order.types\"\nargs = {x = 1}\n", `s.toml:2: call order.types does not take "x"`},
		"args elsewhere":      {head + "act = \"order.create\"\nargs = {types = [\"x\"]}\n", "s.toml:4: args belongs to a step with call"},
		"unknown variable":    {head + "upload = \"${title}\"\n", "s.toml:2: ${title} is not known here"},
		"a taken variable":    {head + "wait = \"call-made\"\nkeep = {claim = \"claimId\"}\n", "s.toml:4: ${claim} is given by the run"},
		"bad path":            {head + "wait = \"call-made\"\nhas = [\"data[x]\"]\n", `s.toml:4: "data[x]" is not a path`},
		"bad time":            {head + "wait = \"call-made\"\nwithin = \"soon\"\n", "s.toml:4: within must be a time"},
		"within of a cause":   {head + "create = \"plain\"\nwithin = \"3s\"\n", "within belongs to wait, delivered and claim"},
		"bad status":          {head + "create = \"plain\"\nrefused = {status = 500}\n", "s.toml:4: refused.status must be"},
		"refused wait":        {head + "wait = \"call-made\"\nrefused = {status = 400}\n", "only what is sent can be refused"},
		"an empty claim":      {head + "claim = {}\n", "s.toml:3: claim needs a path"},
		"compared with list":  {head + "claim = {vin = [1]}\n", "must be compared with a text, a number, true or false, not a list"},
		"number for a text":   {head + "create = 3\n", "s.toml:3: create must be a text in quotes, not a number"},
		"unknown need":        {"needs = \"luck\"\n" + head + "create = \"plain\"\n", `s.toml:1: needs can only be "loopback"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := scenario.Parse("s.toml", []byte(c.toml))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestParseReadsAStep(t *testing.T) {
	t.Parallel()
	sc, err := scenario.Parse("s.toml", []byte("name = \"x\"\nabout = \"y\"\n[[step]]\nwait = \"call-made\"\nwithin = \"3s\"\n"+
		"where.data.callLength = 30\nkeep = {minutes = \"data.callLength\"}\n[[step]]\nupload = \"$${minutes} ${minutes}\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	st := sc.Steps[0]
	if st.Line != 3 || st.Kind != scenario.Wait || st.Within.Seconds() != 3 || st.Keep["minutes"] != "data.callLength" {
		t.Errorf("%+v", st)
	}
	if len(st.Where) != 1 || st.Where[0] != (scenario.Match{Path: "data.callLength", Want: int64(30)}) {
		t.Errorf("where %+v", st.Where)
	}
}

func FuzzParse(f *testing.F) {
	all, err := scenario.Shipped()
	if err != nil || len(all) == 0 {
		f.Fatal(err)
	}
	f.Add([]byte("name = \"x\"\n[[step]]\nclaim = {\"a[0].b\" = 1}\nhas = [\"a[*]\"]\n"))
	f.Add([]byte("name = \"x\"\n[[step]]\ncall = \"token\"\n[step.where]\ngiven = true\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sc, err := scenario.Parse("s.toml", data)
		if err == nil && (sc.Name == "" || len(sc.Steps) == 0) {
			t.Errorf("accepted %+v", sc)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\r") {
			t.Errorf("an error that is not safe to print: %q", err)
		}
	})
}
