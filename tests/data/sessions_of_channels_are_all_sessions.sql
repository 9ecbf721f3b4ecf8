-- Every session is in the mart, once, with one channel.
with

sessions as (
    select session_key from {{ ref('int_web_sessions') }}
),

placed as (
    select session_key from {{ ref('fct_sessions') }}
    where channel is not null
)

select
    sessions.session_key,
    count(placed.session_key) as times
from sessions
left join placed
    on sessions.session_key = placed.session_key
group by sessions.session_key
having count(placed.session_key) != 1
