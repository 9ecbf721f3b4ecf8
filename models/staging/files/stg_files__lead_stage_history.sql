-- One row is a stage that a lead record entered, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'lead_stage_history') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, lead_id, stage, entered_at
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
        lead_id,

        stage,
        changed_by,
        reason,

        entered_at
    from newest
)

select * from renamed
