-- One row is a call, mail, meeting or message of sales, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'activities') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, activity_id
        order by {{ newest_first() }}
    )
),

newest as (
    select *
    from ranked
    where recency = 1
),

renamed as (
    select
        source_system,
        activity_id,
        lead_id,
        deal_id,

        type,
        direction,
        outcome,
        owner,
        body_tags,

        is_automatic,

        occurred_at
    from newest
)

select * from renamed
