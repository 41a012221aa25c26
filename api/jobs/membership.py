"""Whose job it is: the jobs that somebody is a member of on a day."""


def jobs_of_member(*, workspace: str, person: str, day: str, known_at: str | None = None) -> str:
    """A subselect of the `job_id` of each job on which a person is a member on a day.

    The arguments are the marks that stand for the values in the statement around it. On a day the record of the latest
    effective day holds, and of those of one day the one recorded last; a record without a power ends a membership.
    With `known_at`, only what was recorded by then.
    """
    known = "" if known_at is None else f" and recorded_at <= {known_at}"
    return (
        "(select held.job_id from (select distinct on (job_id) job_id, power from job_members"
        f" where workspace_id = {workspace} and person_id = {person} and effective_on <= {day}{known}"
        " order by job_id, effective_on desc, recorded_at desc, id desc) held where held.power is not null)"
    )
