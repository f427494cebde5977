package config

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
)

// Lookup finds an environment variable, as os.LookupEnv does.
type Lookup func(name string) (string, bool)

// get returns a variable; one that is set to nothing counts as not set.
func (l Lookup) get(name string) (string, bool) {
	v, ok := l(name)
	return v, ok && v != ""
}

// Paths are the folders of claimdeck.
type Paths struct {
	Config string // what people write: config.toml, keys.toml
	Data   string // what must not be lost: the stores, encrypted secrets
	State  string // what may be lost: logs
	// Downloads is where documents are put that a person fetches: the desktop's own folder for that.
	Downloads string
}

// FindPaths returns the folders: all below CLAIMDECK_HOME when it is set, otherwise those of the XDG base
// directories (on Windows and macOS their local counterparts).
func FindPaths(env Lookup) (Paths, error) {
	if home, ok := env.get("CLAIMDECK_HOME"); ok {
		abs, err := filepath.Abs(home)
		if err != nil {
			return Paths{}, fmt.Errorf("CLAIMDECK_HOME %q: %w", home, err)
		}
		return Paths{Config: abs, Data: filepath.Join(abs, "data"), State: filepath.Join(abs, "state"), Downloads: filepath.Join(abs, "downloads")}, nil
	}
	return Paths{
		Config: base(env, "XDG_CONFIG_HOME", xdg.ConfigHome),
		Data:   base(env, "XDG_DATA_HOME", xdg.DataHome),
		State:  base(env, "XDG_STATE_HOME", xdg.StateHome),

		Downloads: downloads(env),
	}, nil
}

// downloads returns the person's folder for downloads.
func downloads(env Lookup) string {
	if dir, ok := env.get("XDG_DOWNLOAD_DIR"); ok && filepath.IsAbs(dir) {
		return dir
	}
	if xdg.UserDirs.Download != "" {
		return xdg.UserDirs.Download
	}
	return filepath.Join(xdg.Home, "Downloads")
}

// base returns claimdeck's folder in an XDG base directory. The specification says to ignore relative ones.
func base(env Lookup, name, fallback string) string {
	if dir, ok := env.get(name); ok && filepath.IsAbs(dir) {
		return filepath.Join(dir, "claimdeck")
	}
	return filepath.Join(fallback, "claimdeck")
}

// ConfigFile is where the configuration is read from.
func (p Paths) ConfigFile() string { return filepath.Join(p.Config, "config.toml") }

// KeysFile is where a person's key map is read from, unless the setting keys says otherwise.
func (p Paths) KeysFile() string { return filepath.Join(p.Config, "keys.toml") }

// ProfileDir is where the store of a profile is kept.
func (p Paths) ProfileDir(profile string) string { return filepath.Join(p.Data, "profiles", profile) }

// secretFile is where the encrypted secrets of a profile are kept, with {system} for the system.
func (p Paths) secretFile(profile string) string {
	return filepath.Join(p.Data, "secrets", profile, "{system}.age")
}

// expand makes a path of a setting absolute: "~/" is the home folder, a relative path starts at the configuration.
func (p Paths) expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(xdg.Home, rest)
	}
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(p.Config, path)
}
