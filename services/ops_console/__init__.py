"""What those who run Portico look into and put right: dead letters and invitations' timelines."""
