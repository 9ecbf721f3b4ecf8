-- One row is a file of web events as it was loaded last, with an id that is another one where another of its rows
-- counts: where some were replaced by newer ones, in this file or in others.
with

events as (
    select * from {{ ref('base_files__web_event_rows') }}
),

loads as (
    select * from {{ ref('base_files__web_event_loads') }}
),

older_versions as (
    select * from {{ ref('base_files__web_event_versions') }}
),

last_events as (
    select
        load_hash,
        max(occurred_at) as last_occurred_at
    from events
    group by load_hash
),

replaced as (
    select
        load_hash,
        bit_xor({{ row_hash(['event_id', '_record_number']) }}) as replaced_hash,
        count(*) as replaced_count
    from older_versions
    group by load_hash
),

batches as (
    select
        loads.source_system,
        loads._load_id as load_id,
        loads.load_hash,
        {{ row_hash(['loads.load_hash', 'replaced.replaced_hash', 'replaced.replaced_count']) }} as batch_id,
        last_events.last_occurred_at
    from loads
    left join last_events
        on loads.load_hash = last_events.load_hash
    left join replaced
        on loads.load_hash = replaced.load_hash
)

select * from batches
