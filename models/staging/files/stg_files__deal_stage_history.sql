-- One row is a stage that a deal entered, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'deal_stage_history') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, deal_id, stage, entered_at
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
        deal_id,

        stage,

        cast(amount as decimal(18, 2)) as amount,

        entered_at
    from newest
)

select * from renamed
