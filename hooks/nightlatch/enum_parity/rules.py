"""Every rule of the `enum-parity` hook, in the order of their ids."""

from __future__ import annotations

from nightlatch.core.rule import WARNING, Rule

TAKING_OUT = """\
PostgreSQL can't remove or reorder labels. This replaces the type, and keeps defaults; `sql` in the JSON report holds a
block that does the same for every column of the type. Change the rows that hold the label before.

```sql
UPDATE "public"."users" SET "role" = 'member' WHERE "role" = 'guest';
ALTER TYPE "public"."user_role" RENAME TO "user_role__old";
CREATE TYPE "public"."user_role" AS ENUM ('admin', 'member');
ALTER TABLE "public"."users" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "public"."users" ALTER COLUMN "role" TYPE "public"."user_role" USING "role"::text::"public"."user_role";
ALTER TABLE "public"."users" ALTER COLUMN "role" SET DEFAULT 'member';
DROP TYPE "public"."user_role__old";
```
"""
"""How a label is taken out of a type: the page of the hook has it too."""


class TakingOutRule(Rule):
    """About a label that the database has too many."""

    __slots__ = ()

    more = TAKING_OUT


ONLY_IN_CODE = Rule(
    id="ENUM001",
    name="label-only-in-code",
    summary="The code has a label that the database's type lacks",
    why="The code believes that it may write the label; the database refuses it when it does.",
    fix="Add the label in a migration of its own, or take it out of the code.",
)
ONLY_IN_DATABASE = TakingOutRule(
    id="ENUM002",
    name="label-only-in-database",
    summary="The database's type has a label that the code doesn't know",
    why="A row with the label can be read at any time, and code that has no branch for it breaks or misjudges it.",
    fix="Add the label to the code, or take it out of the database's type.",
)
PARITY_BROKEN = Rule(
    id="ENUM003",
    name="parity-broken",
    summary="Two enums of one name were equal before this change and no longer are",
    why="They were kept equal by hand until now, so one side of the change was most likely forgotten.",
    fix="Change the other side too, or say that they are two things by giving one of them another name.",
)
SAME_NAME = Rule(
    id="ENUM004",
    name="same-name-differs",
    severity=WARNING,
    summary="An enum of the code and one of the database share a name and differ",
    why="They may be the same thing, of which one side was forgotten. Nothing but the name says so.",
    fix="Make them equal, or say what belongs together in the configuration (enum-parity: pairs).",
)
OTHER_ORDER = Rule(
    id="ENUM005",
    name="label-order",
    severity=WARNING,
    summary="The labels are the same, in another order",
    why="The database sorts and compares an enum by the order of its labels, and the code by its own.",
    fix="Bring the labels of the code into the order of the database.",
)
NO_SUCH_TYPE = Rule(
    id="ENUM006",
    name="type-without-migration",
    summary="The code is bound to a type of the database that no migration creates",
    why="The first statement that uses the type fails; of a column whose CHECK is gone, any text can be read.",
    fix="Generate and commit the migration that creates the type.",
)
LIVE_DRIFT = Rule(
    id="ENUM007",
    name="live-database-drift",
    summary="The live database's type is not what the migrations lead to",
    why="A change was made by hand, or a migration never ran: what is tested is not what is in use.",
    fix="Run the migrations that are missing, or write the one that says what was changed by hand.",
)

RULES = (ONLY_IN_CODE, ONLY_IN_DATABASE, PARITY_BROKEN, SAME_NAME, OTHER_ORDER, NO_SUCH_TYPE, LIVE_DRIFT)
