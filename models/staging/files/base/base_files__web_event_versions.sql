-- One row is a row of an event of which a newer one is there: in the same file, or in another.
with

events as (
    select * from {{ ref('base_files__web_event_rows') }}
),

repeated as (
    select distinct
        source_system,
        event_id
    from {{ ref('base_files__web_event_repeats') }}
    where event_id is not null
),

ranked as (
    select
        events.load_hash,
        events.source_system,
        events.event_id,
        events._file,
        events._record_number,
        row_number() over by_key as recency
    from events
    inner join repeated
        on events.source_system = repeated.source_system and events.event_id = repeated.event_id
    window by_key as (
        partition by events.source_system, events.event_id
        order by {{ newest_first() }}
    )
),

older as (
    select
        load_hash,
        source_system,
        event_id,
        _file,
        _record_number
    from ranked
    where recency > 1
)

select * from older
