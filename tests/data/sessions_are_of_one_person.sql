-- Whose a browser was did not change within a session.
with

sessions as (
    select * from {{ ref('int_web_sessions') }}
    where not is_refused
),

spans as (
    select * from {{ ref('int_web_spans') }}
    where is_shared
)

select
    sessions.session_key,
    spans.ends_at
from sessions
inner join spans
    on
        sessions.source_system = spans.source_system
        and sessions.anonymous_id = spans.anonymous_id
        and date_trunc('second', sessions.started_at) <= spans.ends_at
        and date_trunc('second', sessions.ended_at) > spans.ends_at
