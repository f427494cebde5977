package store

import (
	"context"
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migration is one numbered step of the schema.
type migration struct {
	version int64
	sql     string
}

// steps returns the embedded migrations; they are numbered from 1 without holes.
func steps() ([]migration, error) {
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	list := make([]migration, 0, len(entries))
	for i, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil || version != int64(i)+1 {
			return nil, fmt.Errorf("migration %s is not number %d", e.Name(), i+1)
		}
		sql, err := migrations.ReadFile("migrations/" + e.Name())
		if err != nil {
			return nil, err
		}
		list = append(list, migration{version: version, sql: string(sql)})
	}
	return list, nil
}

// migrate brings the schema to the newest version, each step in its own transaction. Two programs may start at
// once: the version is read inside the transaction.
func (s *Store) migrate(ctx context.Context) error {
	list, err := steps()
	if err != nil {
		return err
	}
	if err := s.checkVersion(ctx, int64(len(list))); err != nil {
		return err
	}
	for _, m := range list {
		err := s.write(ctx, fmt.Sprintf("migrate to version %d", m.version), true, func(c *conn) error {
			version, err := schemaVersion(c)
			if err != nil || version >= m.version {
				return err
			}
			if err := c.db.Exec(m.sql); err != nil {
				return err
			}
			return c.db.Exec(fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", m.version, applicationID))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkVersion refuses what this program cannot know: a database of a newer version, or of another program.
func (s *Store) checkVersion(ctx context.Context, newest int64) error {
	c, err := take(ctx, s.writer, nil)
	if err != nil {
		return err
	}
	defer put(s.writer, c)
	version, err := schemaVersion(c)
	if err != nil {
		return err
	}
	owner, _, err := c.prepare("PRAGMA application_id").one()
	if err != nil {
		return err
	}
	tables, _, err := c.prepare("SELECT count(*) FROM sqlite_schema").one()
	switch {
	case err != nil:
		return err
	case tables > 0 && owner != applicationID:
		return fmt.Errorf("%w: %s holds the tables of another program; name another file", ErrCorrupt, s.path)
	case version > newest:
		return fmt.Errorf("%w: %s has schema version %d, this program knows %d; use the newer claimdeck, or another file",
			ErrNewer, s.path, version, newest)
	}
	return nil
}

func schemaVersion(c *conn) (int64, error) {
	version, _, err := c.prepare("PRAGMA user_version").one()
	return version, err
}
