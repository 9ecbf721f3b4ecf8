-- One row is a figure that is measured elsewhere, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'measurements') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, date_day, metric, source, dimension
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

        metric,
        source,
        dimension,

        cast(value as decimal(18, 6)) as value,

        date_day
    from newest
)

select * from renamed
