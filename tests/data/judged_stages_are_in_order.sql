-- The agreed stages of a person come one after the other: that is what judging them means.
with

lead_stages as (
    select * from {{ ref('int_agreement_lead_stages') }}
)

select lead_key
from lead_stages
where
    mql_at < lead_at
    or sql_at < mql_at
    or (mql_at is not null and lead_at is null)
    or (sql_at is not null and mql_at is null)
