-- One row is a sales or marketing person, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'owners') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, owner_id
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
        owner_id,

        name,
        team,

        is_active
    from newest
)

select * from renamed
